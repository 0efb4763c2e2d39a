"""The words of the API, in French and stable, for those of the code."""

from rights.dossiers.states import Action, ActorKind, State
from rights.models import Scope

STATES = {
    State.REQUESTED: "demande",
    State.REFUSED: "refuse",
    State.PROPOSED: "proposition",
    State.TO_VALIDATE: "a-valider",
    State.REQUEST_CANCELLED: "demande-annulee",
    State.PAYING: "paiement-en-cours",
    State.PAYMENT_REFUSED: "paiement-refuse",
    State.VALIDATED: "valide",
    State.IN_TRAINING: "en-formation",
    State.FINISHED: "termine",
    State.SETTLED: "service-fait",
    State.CANCELLED: "annule",
    State.CANCELLED_BY_PROVIDER: "annule-par-organisme",
}
STATE_OF = {name: state for state, name in STATES.items()}

# What a provider does: the last part of the address, and what its key must allow.
ORDERS: dict[Action, tuple[str, Scope]] = {
    Action.ACCEPT: ("acceptation", Scope.ANSWER),
    Action.PROPOSE: ("proposition", Scope.ANSWER),
    Action.REFUSE: ("refus", Scope.ANSWER),
    Action.CANCEL_BY_PROVIDER: ("annulation", Scope.ANSWER),
    Action.DECLARE_ENTRY: ("entree", Scope.DECLARE),
    Action.DECLARE_ABSENCE: ("absence", Scope.DECLARE),
    Action.RETRACT_ABSENCE: ("retrait-absence", Scope.DECLARE),
    Action.DECLARE_END: ("fin", Scope.DECLARE),
    Action.DECLARE_SERVICE: ("service-fait", Scope.DECLARE),
}

DETAILS = {
    "debut_le": "starts_on",
    "fin_le": "ends_on",
    "heures": "hours",
    "prix_centimes": "price_cents",
    "note": "note",
    "motif": "reason",
    "le": "on",
    "part_realisee": "done_percent",
}
FIELD_OF = {detail: field for field, detail in DETAILS.items()}

ACTORS = {
    ActorKind.TITULAIRE: "titulaire",
    ActorKind.PROVIDER: "organisme",
    ActorKind.STAFF: "assistance",
    ActorKind.CLOCK: "echeance",
    ActorKind.PAYMENT: "paiement",
}
