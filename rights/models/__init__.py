"""What a person holds, and where each part of it comes from."""

from rights.models.abondement import Abondement, AbondementTerms, Financer
from rights.models.attestation import Attestation
from rights.models.correction import CorrectionProposal, ProposalState
from rights.models.declaration import Declaration, DeclarationKind
from rights.models.dif import DifDeclaration, DifState
from rights.models.dossier import Dossier, DossierEvent
from rights.models.hours import UNFITNESS_KINDS, HoursKind, HoursMovement
from rights.models.ledger import (
    DECREASES,
    FIRST_YEAR,
    MAX_AMOUNT_CENTS,
    POCKET_OF,
    ClosingReason,
    Movement,
    MovementKind,
    Pocket,
    RightsAccount,
)
from rights.models.parameter import Figure, Figures, Parameter, ParameterName, Unit
from rights.models.payment import Payment, PaymentState
from rights.models.provider_key import ProviderCall, ProviderKey, ProviderOrder, Scope
from rights.models.rating import Rating
from rights.models.register import ImportOutcome, RegisterImport
from rights.models.reservation import Reservation, ReservationState
from rights.models.run import Activity, ActivityStatus, RunState, YearlyRun

__all__ = [
    "DECREASES",
    "FIRST_YEAR",
    "MAX_AMOUNT_CENTS",
    "POCKET_OF",
    "UNFITNESS_KINDS",
    "Abondement",
    "AbondementTerms",
    "Activity",
    "ActivityStatus",
    "Attestation",
    "ClosingReason",
    "CorrectionProposal",
    "Declaration",
    "DeclarationKind",
    "DifDeclaration",
    "DifState",
    "Dossier",
    "DossierEvent",
    "Figure",
    "Figures",
    "Financer",
    "HoursKind",
    "HoursMovement",
    "ImportOutcome",
    "Movement",
    "MovementKind",
    "Parameter",
    "ParameterName",
    "Payment",
    "PaymentState",
    "Pocket",
    "ProposalState",
    "ProviderCall",
    "ProviderKey",
    "ProviderOrder",
    "Rating",
    "RegisterImport",
    "Reservation",
    "ReservationState",
    "RightsAccount",
    "RunState",
    "Scope",
    "Unit",
    "YearlyRun",
]
