"""The codes of the audit trail in French, for who reads it: the trail itself keeps codes only."""

from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from accounts.models import AuditEvent, BlockedReason, EventKind
from accounts.models.mail import MailKind
from accounts.models.support import SupportDecision, SupportKind
from accounts.roles import Role

FACTS = {
    "about": "à propos de", "action": "action", "cents": "centimes", "changed": "offres changées",
    "columns": "colonnes", "count": "nombre", "counters": "compteurs", "decision": "décision",
    "export": "liste", "former": "compte d’avant n°", "found": "trouvés",
    "has_more": "il y en a d’autres", "is_gone": "identité effacée aussi", "last": "dernière ligne n°",
    "lines": "lignes", "mail": "courriel", "movements": "mouvements", "name": "nom",
    "outcome": "issue", "proposed_by": "proposé par le compte n°", "release": "retrait n°",
    "roles": "rôles", "route": "page", "rows": "lignes n°", "sessions": "connexions",
    "state": "état", "step": "étape", "term": "cherché par", "titulaire_pk": "titulaire n°",
    "user_pk": "compte n°", "version": "version", "way": "par", "what": "objet", "why": "cause",
}  # fmt: skip
# what the administration did, by the end of the name of a page
ACTIONS = {
    "add": "ajout", "answer": "réponse", "change": "modification", "changelist": "liste",
    "check": "vérification", "close": "fermeture ou réouverture", "correct": "correction",
    "decide": "décision", "delete": "suppression", "examine": "examen", "hours": "heures",
    "open": "ouverture", "proof": "pièce", "rebuild": "reconstruction", "revoke": "révocation",
    "step": "étape", "suspend": "suspension", "top_up": "abondement", "unfreeze": "usage rendu",
    "upload": "envoi d’un fichier",
}  # fmt: skip
PAGES = {
    "desk_found": "résultat de la recherche", "desk_reply": "message à la personne",
    "password_change": "mot de passe de l’agent", "own_number": "propre numéro de l’agent",
    "second_factor": "second facteur de l’agent",
}  # fmt: skip
VALUES: dict[str, Mapping[str, str]] = {
    "about": dict(SupportKind.choices),
    "action": {"see": "noter comme vue"},
    "decision": dict(SupportDecision.choices),
    "mail": dict(MailKind.choices),
    "roles": {role.name: str(role) for role in Role},
    "step": {
        "approved": "validé", "close": "compte désactivé", "code": "code du téléphone",
        "done": "fait", "open": "compte réactivé", "own_number": "propre numéro donné",
        "own_number_forgotten": "propre numéro à redonner", "proposed": "proposé",
        "refused": "refusé",
    },
    "way": {"link": "le lien d’un courriel", "old_password": "l’ancien mot de passe"},
    "what": dict(EventKind.choices) | {
        "own_data": "ses propres données", "proof": "pièce justificative",
        "reason": "motif du blocage", "sign_in": "connexion", "spending": "usage des droits",
    },
    "why": dict(BlockedReason.choices) | {
        "blocked": "compte bloqué", "wrong": "identifiant ou mot de passe faux",
    },
}  # fmt: skip


def add(fact: str, words: Mapping[str, str]) -> None:
    """Let a room that `accounts` does not know name the values of one of its facts."""
    VALUES[fact] = {**VALUES.get(fact, {}), **words}


def target_words(event: AuditEvent) -> str:
    """Return what a line is about, with its number: « demande n° 12 »; nothing for a line about nobody."""
    model = _model(event.target_label)
    if model is None:
        return f"{event.target_label} {event.target_pk}".strip()
    return f"{model._meta.verbose_name} n°\u00a0{event.target_pk}"


def fact_words(event: AuditEvent) -> str:
    """Return the facts of a line in French, separated by commas."""
    return ", ".join(
        f"{FACTS.get(name, name)}\u00a0: {_value(event, name, value)}"
        for name, value in event.facts.items()
    )


def _value(event: AuditEvent, name: str, value: object) -> str:
    if isinstance(value, list):
        return " · ".join(_value(event, name, one) for one in value) if value else "aucun"
    if value is None:
        return "aucun"
    if isinstance(value, bool):
        return "oui" if value else "non"
    code = str(value)
    if name == "route":
        return _page(code)
    return VALUES.get(name, {}).get(code) or _choices(event, name).get(code, code)


def _page(route: str) -> str:
    """Return « compte de droits, abondement » for the page admin:rights_rightsaccount_top_up."""
    name = route.removeprefix("admin:")
    if name in PAGES:
        return PAGES[name]
    app, _, rest = name.partition("_")
    model_name, _, action = rest.partition("_")
    model = _model(f"{app}.{model_name}")
    return f"{model._meta.verbose_name}, {ACTIONS.get(action, action)}" if model else name


def _choices(event: AuditEvent, name: str) -> dict[str, str]:
    """Return the words of a column of what the line is about: the state of a proof, the name of a figure."""
    model = _model(event.target_label)
    if model is None:
        return {}
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _choices(event, "state") if name == "outcome" else {}
    return {str(code): str(word) for code, word in getattr(field, "flatchoices", None) or ()}


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):  # of a former version
        return None
