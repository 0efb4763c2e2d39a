"""Statements of rights: what an account holds now, under a code that support can check."""

from datetime import datetime, timedelta

from django.db import transaction

from rights.models import Attestation, RightsAccount
from rights.services.ledger import locked

# The same amounts asked for again so soon are the same statement, not another code.
SAME_STATEMENT = timedelta(minutes=10)


@transaction.atomic
def issue_attestation(*, account: RightsAccount, now: datetime) -> Attestation:
    """Return a statement of what `account` holds, the last one when it is recent and says the same."""
    current = locked(account)
    amounts = {
        "cpf_cents": current.cpf_cents,
        "dif_cents": current.dif_cents,
        "abondement_cents": current.abondement_cents,
        "reserved_cents": current.reserved_cents,
    }
    recent = current.attestations.filter(issued_at__gt=now - SAME_STATEMENT, **amounts)
    if known := recent.order_by("-issued_at").first():
        return known
    attestation = Attestation(account=current, issued_at=now, **amounts)
    attestation.seal()
    attestation.save()
    return attestation
