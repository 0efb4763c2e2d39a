"""The time line of a dossier, in the words of its titulaire: what happened, when, by whom and why."""

from dataclasses import dataclass
from datetime import datetime

from rights.dossiers.states import Action, ActorKind
from rights.models import Dossier, DossierEvent


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the time line."""

    label: str
    happened_at: datetime
    by: str
    reason: str


def time_line(dossier: Dossier) -> list[Line]:
    """Return what happened to `dossier`, oldest first."""
    return [
        Line(_event_label(event), event.happened_at, _event_actor(event), event.reason)
        for event in dossier.events.order_by("pk")
    ]


# What was done, as the person reads it afterwards.
EVENTS = {
    "prepare": "Dossier créé",
    Action.MODIFY: "Dossier modifié",
    Action.SEND: "Demande d’inscription envoyée",
    Action.CANCEL_REQUEST: "Demande annulée",
    Action.ACCEPT: "Demande acceptée",
    Action.PROPOSE: "Changements proposés",
    Action.REFUSE: "Demande refusée",
    Action.CONFIRM: "Réponse de l’organisme validée",
    Action.ACCEPT_PROPOSAL: "Proposition acceptée",
    Action.REFUSE_PROPOSAL: "Proposition refusée",
    Action.PAY: "Paiement par carte commencé",
    Action.PAYMENT_ACCEPTED: "Paiement par carte accepté",
    Action.PAYMENT_REFUSED: "Paiement par carte refusé",
    Action.PAYMENT_ABANDONED: "Paiement par carte abandonné",
    Action.EXPIRE: "Demande annulée, faute de réponse à temps",
    Action.WITHDRAW: "Rétractation",
    Action.CANCEL: "Inscription annulée sans frais",
    Action.CANCEL_LATE: "Inscription annulée, montant engagé perdu",
    Action.CLAIM_FORCE_MAJEURE: "Force majeure déclarée",
    Action.RECOMMEND_FORCE_MAJEURE: "Reconnaissance de la force majeure proposée",
    Action.ACCEPT_FORCE_MAJEURE: "Force majeure reconnue",
    Action.REFUSE_FORCE_MAJEURE: "Force majeure écartée",
    Action.CANCEL_BY_PROVIDER: "Formation annulée",
    Action.DECLARE_ENTRY: "Entrée en formation déclarée",
    Action.DECLARE_ABSENCE: "Absence déclarée",
    Action.RETRACT_ABSENCE: "Absence retirée",
    Action.SETTLE_ABSENCE: "Absence établie, montant engagé perdu",
    Action.ABANDON: "Abandon déclaré, montant engagé perdu",
    Action.DECLARE_END: "Fin de la formation déclarée",
    Action.DECLARE_SERVICE: "Service fait déclaré",
    Action.REPORT_FRAUD: "Fraude signalée",
    Action.CANCEL_FOR_FRAUD: "Dossier annulé pour fraude",
    Action.DISMISS_FRAUD: "Fraude écartée",
    Action.RATE: "Avis donné",
}
ACTORS = {
    ActorKind.TITULAIRE: "vous",
    ActorKind.PROVIDER: "l’organisme",
    ActorKind.STAFF: "l’assistance",
    ActorKind.PAYMENT: "le prestataire de paiement",
}


def _event_label(event: DossierEvent) -> str:
    """Say the share that was declared too: it is what the rights pay."""
    percent = event.data.get("done_percent")
    share = "" if percent is None else f", part réalisée\u00a0: {percent}\u00a0%"
    return EVENTS[event.action] + share


def _event_actor(event: DossierEvent) -> str:
    return ACTORS.get(ActorKind(event.actor), "")
