"""Every write to the rights of a person."""

from rights.services.abondements import expire_abondements, grant_abondement
from rights.services.agent_hours import grant_unfitness_hours, use_hours, yearly_hours_of
from rights.services.attestations import issue_attestation
from rights.services.closing import close_account, reopen_account
from rights.services.corrections import correct, needs_second_person
from rights.services.declarations import declare, disown_declarations, withdraw
from rights.services.dif import (
    accept_dif,
    correct_dif,
    declare_dif,
    dif_deadline,
    disown_dif,
    forget_dif_proof,
    granted_dif_cents,
    is_dif_correctable,
    is_dif_open,
    owed_dif_cents,
    refuse_dif,
    take_back_refused_dif,
)
from rights.services.hours import (
    conversion_cap_cents,
    convert_hours,
    convertible_hours,
    credit_hours,
)
from rights.services.ledger import credit, locked, move, open_account, record, record_all
from rights.services.proposals import (
    approve_correction,
    propose_abondement,
    propose_correction,
    refuse_correction,
)
from rights.services.provider_keys import (
    find_provider_key,
    make_provider_key,
    new_prefix,
    record_provider_call,
    revoke_provider_key,
)
from rights.services.reservations import release, reserve, spend, spent_since, usable_sources

__all__ = [
    "accept_dif",
    "approve_correction",
    "close_account",
    "conversion_cap_cents",
    "convert_hours",
    "convertible_hours",
    "correct",
    "correct_dif",
    "credit",
    "credit_hours",
    "declare",
    "declare_dif",
    "dif_deadline",
    "disown_declarations",
    "disown_dif",
    "expire_abondements",
    "find_provider_key",
    "forget_dif_proof",
    "grant_abondement",
    "grant_unfitness_hours",
    "granted_dif_cents",
    "is_dif_correctable",
    "is_dif_open",
    "issue_attestation",
    "locked",
    "make_provider_key",
    "move",
    "needs_second_person",
    "new_prefix",
    "open_account",
    "owed_dif_cents",
    "propose_abondement",
    "propose_correction",
    "record",
    "record_all",
    "record_provider_call",
    "refuse_correction",
    "refuse_dif",
    "release",
    "reopen_account",
    "reserve",
    "revoke_provider_key",
    "spend",
    "spent_since",
    "take_back_refused_dif",
    "usable_sources",
    "use_hours",
    "withdraw",
    "yearly_hours_of",
]
