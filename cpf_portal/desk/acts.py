"""What can be done from the file of a person: said before, done once, answered with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts import limits, services
from accounts.exceptions import AccountBlocked, AlreadyConfirmed, ConfirmationExpired
from accounts.models import User
from cpf_portal.desk.file import File


@dataclass(frozen=True, slots=True)
class Act:
    """An act that needs no word of the agent: `run(user, agent)` returns the sentence that tells it."""

    name: str
    title: str
    permission: str
    will: tuple[str, ...]
    run: Callable[[User, User], str]
    fits: Callable[[File], bool]


class Refused(Exception):
    """Nothing was done; the message is a French sentence that says why."""


def _confirmation(user: User, agent: User) -> str:
    limits.hit("desk-mail", person=f"user:{user.pk}")
    try:
        services.send_confirmation_again(user=user, author=agent, now=timezone.now())
    except AlreadyConfirmed:
        raise Refused("Cette adresse est déjà confirmée\u00a0: il n’y a rien à renvoyer.") from None
    except ConfirmationExpired:
        raise Refused("Le délai est passé\u00a0: la personne doit s’inscrire à nouveau.") from None
    return "Le courriel de confirmation est renvoyé."


def _reset(user: User, agent: User) -> str:
    limits.hit("desk-mail", person=f"user:{user.pk}")
    try:
        services.send_reset_link(user=user, author=agent)
    except AccountBlocked:
        raise Refused("Ce compte est bloqué\u00a0: débloquez-le d’abord.") from None
    return "Le lien est envoyé\u00a0: la personne choisit elle-même son mot de passe."


def _unlock(user: User, agent: User) -> str:
    services.unlock_sign_in(user=user, author=agent)
    return "Les essais sont remis à zéro\u00a0: la personne peut se connecter."


def _sign_out(user: User, agent: User) -> str:
    ended = services.sign_out_everywhere(user=user, author=agent)
    return f"Connexions fermées\u00a0: {ended}."


TOLD = "La personne le lit dans l’historique de son compte."
ACTS = (
    Act(
        "confirmation", "Renvoyer le courriel de confirmation", "accounts.help_user",
        ("Un nouveau courriel part à l’adresse du compte, avec un lien neuf.", TOLD),
        _confirmation, lambda file: file.user is not None and not file.user.has_confirmed_email,
    ),
    Act(
        "mot-de-passe", "Envoyer un lien de mot de passe", "accounts.help_user",
        (
            "Un lien part à l’adresse du compte. La personne choisit elle-même son nouveau mot de passe.",
            "Personne d’autre ne le connaît\u00a0: ne le demandez jamais.",
            TOLD,
        ),
        _reset, lambda file: file.user is not None and file.user.is_active,
    ),
    Act(
        "debloquer", "Remettre les essais à zéro", "accounts.help_user",
        ("Les essais de connexion comptés contre cette personne sont oubliés.", TOLD),
        _unlock, lambda file: file.locked_until is not None,
    ),
    Act(
        "deconnecter", "Fermer les connexions", "accounts.help_user",
        ("Toutes les connexions ouvertes se ferment, sur tous les appareils.", TOLD),
        _sign_out, lambda file: file.user is not None and file.titulaire.open_sessions > 0,
    ),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    is_grave: bool = False


def possible_acts(agent: User, file: File) -> list[Link]:
    """Return what `agent` may do on this file as it stands, the gravest last."""
    may, pk = agent.has_perm, file.titulaire.pk
    simple = [
        Link(act.title, reverse("admin:desk_act", args=[pk, act.name]))
        for act in ACTS
        if may(act.permission) and act.fits(file)
    ]
    return simple + [
        Link(title, reverse(f"admin:{route}", args=[target]), is_grave)
        for title, permission, fits, route, target, is_grave in _others(file)
        if fits and may(permission)
    ]


def _others(file: File) -> list[tuple[str, str, object, str, int | None, bool]]:
    """The acts that have a page of their own: title, permission, whether it fits, route, target, gravity."""
    user, account, pk = file.user, file.account, file.titulaire.pk
    user_pk, account_pk = user and user.pk, account and account.pk
    is_frozen = user is not None and user.spending_frozen_at is not None
    return [
        ("Écrire à la personne", "accounts.help_user", user, "desk_reply", pk, False),
        ("Bloquer ou débloquer le compte", "accounts.change_user", user, "accounts_user_change",
         user_pk, False),
        ("Rendre l’usage des droits", "accounts.freeze_user", is_frozen, "accounts_user_unfreeze",
         user_pk, False),
        ("Corriger les droits", "rights.correct_rights", account, "rights_rightsaccount_correct",
         account_pk, False),
        ("Abonder", "rights.add_abondement", account, "rights_rightsaccount_top_up", account_pk, False),
        ("Afficher le numéro de sécurité sociale", "accounts.reveal_nir", file.titulaire.encrypted_nir,
         "desk_reveal", pk, False),
        ("Suspendre l’usage des droits", "accounts.freeze_user", user and not is_frozen, "desk_freeze",
         pk, True),
        ("Proposer le retrait du numéro", "accounts.release_nir",
         user and not file.titulaire.release, "desk_propose_release", pk, True),
        ("Décider du retrait du numéro", "accounts.release_nir", file.titulaire.release, "desk_release",
         file.titulaire.release, True),
        ("Effacer le compte à sa demande", "accounts.anonymise_user", user, "desk_anonymise", pk, True),
    ]  # fmt: skip
