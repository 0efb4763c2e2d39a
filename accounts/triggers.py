"""The database itself refuses to change a line of the audit trail, or to remove one before its anchor.

The anchor is the last line that retention purged (accounts.audit.purge): it is sealed, so that moving it
by hand is found by audit_verify.
"""

from cpf_portal.ui.triggers import Guard

_GUARD = Guard(
    tables=("accounts_auditevent",),
    function="accounts_audit_refuse",
    refusal="is append-only",
    kept="COALESCE((SELECT position FROM accounts_auditmark WHERE name = 'anchor'), 0) < OLD.position",
)

create, drop, missing = _GUARD.create, _GUARD.drop, _GUARD.missing
