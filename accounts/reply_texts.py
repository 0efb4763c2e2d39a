"""The ready answers that every portal starts with; the support changes them in the administration."""

from typing import NamedTuple

from accounts.models.support import SupportKind


class Text(NamedTuple):
    title: str
    kind: str
    subject: str
    body: str


SIGNED = "\n\nBien à vous,\nL’assistance"
TEXTS = [
    Text(
        "Courriel de confirmation non reçu",
        SupportKind.QUESTION,
        "Votre courriel de confirmation",
        "Bonjour,\n\nNous venons de vous renvoyer le courriel de confirmation. Il arrive en quelques"
        " minutes\u00a0: regardez aussi parmi les courriers indésirables. Son lien sert une seule fois,"
        " dans le délai qu’il indique. Passé ce délai, recommencez votre inscription\u00a0: vos droits ne"
        " sont pas perdus." + SIGNED,
    ),
    Text(
        "Mot de passe oublié",
        SupportKind.QUESTION,
        "Votre mot de passe",
        "Bonjour,\n\nSur la page de connexion, choisissez «\u00a0Mot de passe oublié\u00a0» et donnez votre"
        " numéro de sécurité sociale. Un lien part vers l’adresse de votre compte\u00a0; il sert pendant une"
        " heure. Personne à l’assistance ne connaît votre mot de passe ni ne vous le demandera." + SIGNED,
    ),
    Text(
        "Adresse perdue\u00a0: pièce illisible",
        SupportKind.LOST_EMAIL,
        "Votre demande de changement d’adresse",
        "Bonjour,\n\nNous ne pouvons pas lire la pièce d’identité jointe à votre demande {demande}."
        " Envoyez-en une nouvelle avec une photo nette, prise de face, où les quatre bords se voient."
        " Votre compte reste tel qu’il est en attendant." + SIGNED,
    ),
    Text(
        "Adresse perdue\u00a0: lien envoyé",
        SupportKind.LOST_EMAIL,
        "Votre nouvelle adresse",
        "Bonjour,\n\nVotre identité est vérifiée. Un lien vient de partir vers votre nouvelle adresse\u00a0:"
        " ouvrez-le pour la confirmer. Par sécurité, vos droits ne peuvent pas être dépensés dans les"
        " 72 heures qui suivent ce changement." + SIGNED,
    ),
    Text(
        "Numéro déjà utilisé\u00a0: nous vérifions",
        SupportKind.NIR_TAKEN,
        "Votre numéro est déjà utilisé",
        "Bonjour,\n\nUn compte existe avec le numéro que vous avez donné. Les pièces reçues ne suffisent"
        " pas à établir qu’il est à vous. Faites une nouvelle demande avec une pièce d’identité lisible"
        " et valide\u00a0: un agent l’examinera, un second confirmera." + SIGNED,
    ),
    Text(
        "Numéro déjà utilisé\u00a0: le numéro est libre",
        SupportKind.NIR_TAKEN,
        "Vous pouvez créer votre compte",
        "Bonjour,\n\nAucun compte ne porte plus votre numéro\u00a0: créez le vôtre sur la page d’inscription,"
        " avec votre nom de naissance. Si le portail refuse encore, faites une nouvelle demande\u00a0:"
        " quelqu’un s’est inscrit entre-temps. Des droits qui vous attendaient ne se dépensent pas dans"
        " les 72 heures qui suivent l’inscription." + SIGNED,
    ),
    Text(
        "Compte bloqué après des essais",
        SupportKind.BLOCKED,
        "Votre compte est débloqué",
        "Bonjour,\n\nVotre compte avait été bloqué pour le protéger. Il est débloqué\u00a0: connectez-vous,"
        " puis regardez vos dernières connexions dans «\u00a0Mon compte\u00a0». Si l’une d’elles n’est pas la"
        " vôtre, fermez-la et changez de mot de passe." + SIGNED,
    ),
    Text(
        "Ce n’est pas moi\u00a0: droits protégés",
        SupportKind.NOT_ME,
        "Vos droits sont protégés",
        "Bonjour,\n\nL’usage de vos droits est suspendu depuis votre signalement\u00a0: personne ne peut les"
        " dépenser, vous non plus. Nous examinons l’opération que vous ne reconnaissez pas. Changez dès"
        " maintenant votre mot de passe, et ne donnez vos codes à personne, même au téléphone." + SIGNED,
    ),
    Text(
        "DIF refusé\u00a0: ce qui manque",
        SupportKind.QUESTION,
        "Votre justificatif de DIF",
        "Bonjour,\n\nVotre justificatif de DIF n’a pas pu être accepté. La raison est écrite dans «\u00a0Mes"
        " droits\u00a0», page «\u00a0DIF\u00a0». Envoyez-y une attestation de votre employeur, un bulletin de"
        " salaire de décembre 2014 ou de janvier 2015 qui porte vos heures et votre nom." + SIGNED,
    ),
    Text(
        "Mon montant est faux",
        SupportKind.QUESTION,
        "Le montant de vos droits",
        "Bonjour,\n\nVos droits disponibles sont de {montant}. Chaque ligne de votre historique a un lien"
        " «\u00a0Pourquoi ce montant\u00a0?\u00a0» qui montre le calcul. L’année en cours est créditée au"
        " printemps suivant, après la déclaration de votre employeur. S’il manque une année, demandez à"
        " votre employeur de corriger sa déclaration\u00a0: le portail la reçoit ensuite." + SIGNED,
    ),
    Text(
        "L’organisme ne répond pas",
        SupportKind.QUESTION,
        "Votre dossier de formation",
        "Bonjour,\n\nVotre dossier {dossier} attend la réponse de l’organisme. Prochaine échéance\u00a0:"
        " {prochaine_date}. Sans réponse ce jour-là, il s’annule de lui-même et vos droits vous sont"
        " rendus. Vous pouvez aussi annuler votre demande sans attendre, depuis «\u00a0Mes dossiers\u00a0»."
        + SIGNED,
    ),
    Text(
        "Annuler une inscription",
        SupportKind.QUESTION,
        "Annuler votre inscription",
        "Bonjour,\n\nOuvrez votre dossier {dossier} dans «\u00a0Mes dossiers\u00a0»\u00a0: les boutons"
        " que vous y voyez disent ce qui est encore possible, et ce que vos droits deviennent avant que vous"
        " confirmiez. En cas de force majeure, joignez votre explication\u00a0: un agent l’examine." + SIGNED,
    ),
    Text(
        "Fermer un compte et effacer ses données",
        SupportKind.QUESTION,
        "La fermeture de votre compte",
        "Bonjour,\n\nDans «\u00a0Mon compte\u00a0», choisissez «\u00a0Fermer mon compte\u00a0»\u00a0: ce qui"
        " sera effacé et ce que la loi nous fait garder y est écrit avant votre accord. Vos droits acquis ne"
        " sont pas perdus\u00a0: ils vous attendent si vous revenez." + SIGNED,
    ),
    Text(
        "Démarchage ou arnaque",
        SupportKind.REPORT,
        "Votre signalement",
        "Bonjour,\n\nMerci de votre signalement. Nous ne démarchons jamais, ni par téléphone, ni par"
        " message. Ne donnez ni votre numéro de sécurité sociale ni votre mot de passe\u00a0; si vous l’avez"
        " fait, changez de mot de passe et choisissez «\u00a0Ce n’est pas moi\u00a0» dans le courriel de"
        " l’opération. Nous examinons l’organisme que vous citez." + SIGNED,
    ),
]  # fmt: skip


def load(model) -> int:
    """Write the texts whose name is not there yet; return how many. What was changed stays so."""
    known = set(model.objects.values_list("title", flat=True))
    new = [model(**text._asdict()) for text in TEXTS if text.title not in known]
    model.objects.bulk_create(new)
    return len(new)
