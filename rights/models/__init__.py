"""What a person holds, and where each part of it comes from."""

from rights.models.ledger import (
    FIRST_YEAR,
    MAX_AMOUNT_CENTS,
    POCKET_OF,
    Movement,
    MovementKind,
    Pocket,
    RightsAccount,
)
from rights.models.parameter import Figure, Figures, Parameter, ParameterName, Unit

__all__ = [
    "FIRST_YEAR",
    "MAX_AMOUNT_CENTS",
    "POCKET_OF",
    "Figure",
    "Figures",
    "Movement",
    "MovementKind",
    "Parameter",
    "ParameterName",
    "Pocket",
    "RightsAccount",
    "Unit",
]
