"""The database itself refuses to change or remove a movement; check_ledger tells of a missing trigger."""

from cpf_portal.ui.triggers import Guard

_GUARD = Guard(
    tables=("rights_movement", "rights_hoursmovement"),
    function="rights_movement_refuse",
    refusal="is append-only: record another movement",
)

NAMES = _GUARD.names
create, drop, missing = _GUARD.create, _GUARD.drop, _GUARD.missing
