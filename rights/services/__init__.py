"""Every write to the rights of a person."""

from rights.services.dif import (
    accept_dif,
    correct_dif,
    declare_dif,
    dif_deadline,
    granted_dif_cents,
    is_dif_correctable,
    is_dif_open,
    refuse_dif,
    take_back_refused_dif,
)
from rights.services.ledger import correct, credit, open_account, record, record_all

__all__ = [
    "accept_dif",
    "correct",
    "correct_dif",
    "credit",
    "declare_dif",
    "dif_deadline",
    "granted_dif_cents",
    "is_dif_correctable",
    "is_dif_open",
    "open_account",
    "record",
    "record_all",
    "refuse_dif",
    "take_back_refused_dif",
]
