"""What the desk is for, task by task, as an agent does it: by clicking and typing."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.utils import timezone

from accounts import limits
from accounts.models import AccountSession, OutgoingMail, Titulaire
from accounts.models.support import SupportKind
from accounts.session_store import SessionStore
from cpf_portal.ui.errors import TooManyRequests
from rights.dossiers.states import State
from tests.bench.desk.cases import Cases
from tests.bench.desk.rooms import ROOMS
from tests.bench.desk.walk import PASSWORD, Agent

REASON = "appel du titulaire, qui ne reçoit rien"
Task = Callable[[Agent, Agent, Cases], None]


def run(agent: Agent, other: Agent, cases: Cases, only: str = "") -> None:
    """Do each task once, those named with `only`; `other` is the colleague whom some of them ask for."""
    for one in (agent, other):
        one.doing = "se connecter"
        sign_in(one)
    for name, task in (TASKS | ROOMS).items():
        if only in name:
            agent.doing = other.doing = name
            task(agent, other, cases)
    for one in (agent, other):
        one.doing = "se déconnecter"
        one.go("/admin/")
        one.press("Déconnexion")


def sign_in(agent: Agent) -> None:
    agent.go("/admin/")
    agent.type("Adresse électronique", agent.user.email)
    agent.type("Mot de passe", PASSWORD)
    agent.press("Continuer")
    agent.type("Code à 6 chiffres", agent.code())
    agent.press("Se connecter")
    agent.sees("Chercher une personne")


# --- Finding somebody -------------------------------------------------------------------------


def search(agent: Agent, term: str) -> None:
    agent.go("/admin/")
    agent.type("Chercher une personne", term)
    agent.press("Chercher")


def open_file(agent: Agent, person: Titulaire) -> None:
    """Find her by her address, write why, and read her file."""
    search(agent, person.user.email)
    give_reason(agent)
    agent.sees(f"Dossier de {person.birth_name}")


def give_reason(agent: Agent) -> None:
    """Write why a file is opened, if that is asked."""
    if agent.has("button", "Ouvrir le dossier"):
        agent.type("Motif", REASON)
        agent.press("Ouvrir le dossier")


def search_every_way(agent: Agent, other: Agent, cases: Cases) -> None:
    person, dossier = cases.person(), cases.dossier(State.VALIDATED)
    ways = {
        "numéro": person.nir.value,
        "courriel": person.user.email,
        "référence": dossier.reference,
        "téléphone": person.user.phone_mobile,
        "nom": person.birth_name,
        "nom fréquent": "Dupont",
        "nom inconnu": "Zzyzx",
    }
    for name, term in ways.items():
        agent.doing = f"chercher par {name}"
        search(agent, term)
        give_reason(agent)


# --- Acts from the file of a person -----------------------------------------------------------


def _act(
    title: str, said: str, prepare: Callable[[Titulaire], None] | None = None, **state
) -> Task:
    def task(agent: Agent, other: Agent, cases: Cases) -> None:
        person = cases.person(**state)
        if prepare:
            prepare(person)
        open_file(agent, person)
        agent.follow(title)
        agent.press(title)
        agent.sees(said)

    return task


def _with_reason(link: str, button: str, said: str, **state) -> Task:
    def task(agent: Agent, other: Agent, cases: Cases) -> None:
        open_file(agent, cases.person(**state))
        agent.follow(link)
        agent.type("Motif", REASON)
        agent.press(button)
        agent.sees(said)

    return task


def _lock(person: Titulaire) -> None:
    """Try to sign in as her until she is refused."""
    try:
        while True:
            limits.hit("sign-in", ip="203.0.113.9", person=person.nir.value)
    except TooManyRequests:
        return


def _come_in(person: Titulaire) -> None:
    """Open a session for her in another browser."""
    now = timezone.now()
    session = SessionStore()
    session[SESSION_KEY] = str(person.user.pk)
    session.create()
    AccountSession.objects.create(
        user=person.user,
        session_key=session.session_key,
        browser="Firefox",
        started_at=now,
        seen_at=now,
    )


def resend_mail(agent: Agent, other: Agent, cases: Cases) -> None:
    failed = OutgoingMail.objects.pending().values("user__titulaire")
    open_file(agent, cases.person(pk__in=failed))
    agent.click(agent.page.locator("a[href*='/courriel/']").first)
    agent.press("Renvoyer")
    agent.sees("est renvoyé")


def block_and_unblock(agent: Agent, other: Agent, cases: Cases) -> None:
    open_file(agent, cases.person())
    for is_active in (False, True):
        agent.follow("Bloquer ou débloquer le compte")
        agent.page.get_by_label("Actif").or_(agent.page.locator("#id_is_active")).first.set_checked(
            is_active
        )
        agent.press("Enregistrer")
        agent.sees("bloqué" if not is_active else "ouvert")


def write_note(agent: Agent, other: Agent, cases: Cases) -> None:
    open_file(agent, cases.person())
    agent.type("Nouvelle note", "Adresse relue lettre par lettre.")
    agent.press("Ajouter la note")
    agent.sees("La note est ajoutée.")


def write_to_her(agent: Agent, other: Agent, cases: Cases) -> None:
    open_file(agent, cases.person())
    agent.follow("Écrire à la personne")
    agent.page.locator("#modele").select_option(label="Mon montant est faux")
    agent.press("Utiliser")
    agent.press("Envoyer le message")
    agent.sees("confié à la boîte d’envoi")


def correct(agent: Agent, other: Agent, cases: Cases) -> None:
    open_file(agent, cases.person())
    _type_correction(agent, "150,00")
    agent.sees("La correction est enregistrée.")


def correct_by_two(agent: Agent, other: Agent, cases: Cases) -> None:
    person = cases.person()
    open_file(agent, person)
    _type_correction(agent, "1500,00")
    agent.sees("une autre personne doit la valider")
    other.go("/admin/")
    other.follow("Corrections et abondements à valider")
    other.click(other.page.locator("#result_list a[href*='/decider/']").first)
    give_reason(other)
    other.press("Valider la correction")
    other.sees("La correction est enregistrée.")


def _type_correction(agent: Agent, amount: str) -> None:
    agent.follow("Corriger les droits")
    agent.page.locator("#id_amount_cents").fill(amount)
    agent.page.locator("#id_reason").fill("erreur prouvée de report")
    agent.press("Enregistrer la correction")


def top_up(agent: Agent, other: Agent, cases: Cases) -> None:
    open_file(agent, cases.person())
    agent.follow("Abonder")
    agent.page.locator("#id_financer_name").fill("Société Martin")
    agent.page.locator("#id_amount_cents").fill("200,00")
    agent.press("Enregistrer l’abondement")
    agent.sees("L’abondement est enregistré.")


def release_by_two(agent: Agent, other: Agent, cases: Cases) -> None:
    person = cases.person(dossiers__state=State.SETTLED)
    open_file(agent, person)
    agent.follow("Proposer le retrait du numéro")
    agent.type("Motif", REASON)
    agent.press("Proposer le retrait")
    agent.sees("un autre agent doit le confirmer")
    other.go("/admin/")
    other.follow("Retraits de numéro à confirmer")
    release = person.nir_releases.latest("pk")
    other.click(other.page.locator(f"a[href$='/retraits/{release.pk}/']"))
    give_reason(other)
    other.press("Confirmer le retrait")
    other.sees("Le numéro est libéré.")


def claim_by_two(agent: Agent, other: Agent, cases: Cases) -> None:
    """Somebody claims a number: one agent proposes to take it back, the other answers that it is."""
    for one in (agent, other):
        one.go("/admin/")
        one.follow("Numéros revendiqués")
        one.click(one.page.locator("#result_list tbody th a").first)
        give_reason(one)
    agent.follow("Dossier de la personne")
    agent.follow("Proposer le retrait du numéro")
    agent.type("Motif", REASON)
    agent.press("Proposer le retrait")
    other.follow("Répondre à cette demande")
    other.page.get_by_label("Retirer le compte à son détenteur actuel").check()
    other.page.locator("#id_corrected_name").fill("Mélinand")
    other.page.locator("#id_answer").fill("Le numéro est libre : vous pouvez vous inscrire.")
    other.press("Répondre")
    other.sees("La réponse est enregistrée")


def anonymise(agent: Agent, other: Agent, cases: Cases) -> None:
    open_file(agent, cases.person(dossiers__state=State.SETTLED))
    agent.follow("Effacer le compte à sa demande")
    agent.type("Motif", "lettre reçue le 3 novembre")
    agent.type("Tapez EFFACER pour confirmer", "EFFACER")
    agent.press("Effacer le compte")
    agent.sees("Le compte est effacé.")


# --- Requests, proofs, dossiers ---------------------------------------------------------------


def answer_lost_address(agent: Agent, other: Agent, cases: Cases) -> None:
    agent.go("/admin/")
    agent.follow("Adresses de courriel perdues")
    agent.click(agent.page.locator("#result_list tbody th a").first)
    give_reason(agent)
    agent.take(agent.page.get_by_role("link", name="Télécharger"))
    agent.follow("Répondre à cette demande")
    agent.page.get_by_label("Refuser").check()
    agent.page.locator("#id_answer").fill("La pièce est illisible : envoyez-en une autre.")
    agent.press("Répondre")
    agent.sees("La réponse est enregistrée")


def answer_question(agent: Agent, other: Agent, cases: Cases) -> None:
    agent.go("/admin/")
    agent.follow("Messages de contact")
    questions = agent.page.locator("#result_list tbody tr", has_text=SupportKind.QUESTION.label)
    agent.click(questions.locator("th a").first)
    give_reason(agent)
    agent.follow("Répondre à cette demande")
    agent.page.locator("#modele").select_option(label="Mon montant est faux")
    agent.press("Utiliser")
    agent.page.get_by_label("Répondre", exact=True).check()
    agent.press("Répondre")
    agent.sees("La réponse est enregistrée")


def examine_proof(agent: Agent, other: Agent, cases: Cases) -> None:
    agent.go("/admin/")
    agent.follow("Justificatifs de DIF à examiner")
    agent.click(agent.page.locator("#result_list a[href$='/examiner/']").first)
    give_reason(agent)
    agent.take(agent.page.get_by_role("link", name="Télécharger la pièce"))
    agent.press("Accepter le justificatif")
    agent.sees("Le justificatif est accepté.")


def act_for_provider(agent: Agent, other: Agent, cases: Cases) -> None:
    dossier = cases.dossier(State.REQUESTED)
    search(agent, dossier.reference)
    give_reason(agent)
    agent.follow(dossier.title)
    agent.follow("Accepter la demande")
    agent.press("Accepter la demande")
    agent.sees("C’est fait")


def report_fraud(agent: Agent, other: Agent, cases: Cases) -> None:
    dossier = cases.dossier(State.VALIDATED, fraud_reported_at=None, absence_until=None)
    search(agent, dossier.reference)
    give_reason(agent)
    agent.follow(dossier.title)
    for step in ("Signaler une fraude", "Écarter la fraude"):
        agent.follow(step)
        agent.page.locator("#id_reason").fill("signalement n° 214, vérifié par téléphone")
        agent.press(step)
        agent.sees("C’est fait")


TASKS: dict[str, Task] = {
    "chercher": search_every_way,
    "renvoyer la confirmation": _act(
        "Renvoyer le courriel de confirmation", "est renvoyé", is_confirmed=False
    ),
    "envoyer un lien de mot de passe": _act(
        "Envoyer un lien de mot de passe", "Le lien est envoyé"
    ),
    "remettre les essais à zéro": _act(
        "Remettre les essais à zéro", "Les essais sont remis à zéro", _lock
    ),
    "fermer les connexions": _act("Fermer les connexions", "Connexions fermées", _come_in),
    "renvoyer un courriel en échec": resend_mail,
    "suspendre l’usage des droits": _with_reason(
        "Suspendre l’usage des droits", "Suspendre", "L’usage des droits est suspendu."
    ),
    "rendre l’usage des droits": _with_reason(
        "Rendre l’usage des droits", "Rendre l’usage des droits", "peut de nouveau", is_frozen=True
    ),
    "bloquer, débloquer": block_and_unblock,
    "afficher le numéro": _with_reason(
        "Afficher le numéro de sécurité sociale", "Afficher le numéro", "Affiché une seule fois"
    ),
    "écrire une note": write_note,
    "écrire à la personne": write_to_her,
    "corriger les droits": correct,
    "corriger à deux": correct_by_two,
    "abonder": top_up,
    "retirer un numéro à deux": release_by_two,
    "répondre à deux : numéro revendiqué": claim_by_two,
    "effacer un compte": anonymise,
    "répondre : adresse perdue": answer_lost_address,
    "répondre : question": answer_question,
    "examiner un DIF": examine_proof,
    "répondre pour l’organisme": act_for_provider,
    "signaler, écarter une fraude": report_fraud,
}
