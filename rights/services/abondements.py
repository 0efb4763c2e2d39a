"""What others add to an account, and what goes back to them unspent."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Sum

from accounts.models import Titulaire, User
from catalogue.models import Certification
from cpf_portal.ui.formats import euros
from rights.exceptions import IdempotencyConflict, NeedsSecondPerson
from rights.models import (
    Abondement,
    Financer,
    Movement,
    MovementKind,
    Parameter,
    ParameterName,
    Pocket,
)
from rights.services.corrections import moved_alone_cents, needs_second_person
from rights.services.ledger import insert, locked, move, open_account

EXPIRY_BASIS = "Code du travail, art. R6323-42-1"


@transaction.atomic
def grant_abondement(
    *,
    titulaire: Titulaire,
    financer: Financer,
    financer_name: str,
    amount_cents: int,
    today: date,
    idempotency_key: str,
    legal_basis: str = "Code du travail, art. L6323-4, II",
    certifications: Iterable[Certification] = (),
    expires_on: date | None = None,
    is_used_before_cpf: bool = True,
    conditions: str = "",
    author: User | None = None,
) -> Abondement:
    """Add a top-up of `amount_cents` to the account of `titulaire`, beyond any cap, and return it.

    Kept for `certifications` when some are given, until the end of `expires_on` when it is given.
    The same key returns the first one. Raises ValidationError (in French) when a rule is broken,
    IdempotencyConflict when the key says something else (Code du travail, art. L6323-4),
    NeedsSecondPerson when this and what its `author` moved lately on the account are above the
    threshold of the operator (then: `propose_abondement`).
    """
    abondement = Abondement(
        account=locked(open_account(titulaire=titulaire)),
        financer=financer,
        financer_name=financer_name,
        amount_cents=amount_cents,
        is_used_before_cpf=is_used_before_cpf,
        granted_on=today,
        expires_on=expires_on,
        conditions=conditions,
        legal_basis=legal_basis,
        author=author,
        idempotency_key=idempotency_key,
    )
    if known := _known(abondement):
        return known
    if author:
        _refuse_alone(abondement, author)
    add(abondement, certifications)
    return abondement


def add(abondement: Abondement, certifications: Iterable[Certification]) -> Movement:
    """Write a new abondement and the movement that it makes, which is returned.

    The caller holds a transaction and the lock of the account. Raises ValidationError (in French).
    """
    refuse_beyond_civic_cap(abondement)
    insert(abondement)
    abondement.certifications.set(certifications)
    cents, today, key = (
        abondement.amount_cents,
        abondement.granted_on,
        f"abondement:{abondement.pk}",
    )
    movement = _movement(abondement, MovementKind.ABONDEMENT, cents, today, key)
    move(abondement.account, [movement])
    abondement.refresh_from_db(fields=["remaining_cents"])
    return movement


def expire_abondements(*, today: date) -> int:
    """Give back to their financers what is left of the abondements that ended; return how many.

    Each in its own transaction, so it can stop anywhere and be run again, or twice at once
    (Code du travail, art. R6323-42-1).
    """
    ended = Abondement.objects.expired(today).values_list("pk", flat=True)
    return sum(_expire(pk, today) for pk in list(ended))


@transaction.atomic
def _expire(pk: int, today: date) -> bool:
    account = locked(Abondement.objects.select_related("account").get(pk=pk).account)
    abondement = Abondement.objects.expired(today).filter(pk=pk).first()
    if abondement is None:  # spent or given back meanwhile
        return False
    cents = abondement.remaining_cents
    key = f"expiry:{pk}:{abondement.refunded_cents}"
    move(account, [_movement(abondement, MovementKind.EXPIRY, -cents, today, key)])
    Abondement.objects.filter(pk=pk).update(refunded_cents=F("refunded_cents") + cents)
    return True


def _refuse_alone(abondement: Abondement, author: User) -> None:
    """One member of the staff alone adds no more than she may correct alone."""
    today = abondement.granted_on
    alone = moved_alone_cents(abondement.account, author, today=today)
    if needs_second_person(abondement.amount_cents + alone, today=today):
        raise NeedsSecondPerson


def refuse_beyond_civic_cap(abondement: Abondement) -> None:
    """Raise ValidationError where the compte d’engagement citoyen would pass its own cap.

    It is counted apart (Code du travail, art. D5151-14, III).
    """
    if abondement.financer != Financer.CIVIC:
        return
    cap = Parameter.objects.figures(abondement.granted_on)[ParameterName.CEC_CAP]
    civic = abondement.account.abondements.filter(financer=Financer.CIVIC)
    held = civic.aggregate(sum=Sum("remaining_cents", default=0))["sum"]
    if held + abondement.amount_cents > cap:
        raise ValidationError(
            f"Le compte d’engagement citoyen s’arrête à {euros(cap)}\u00a0: il porte déjà {euros(held)}."
        )


def _known(abondement: Abondement) -> Abondement | None:
    known = Abondement.objects.filter(idempotency_key=abondement.idempotency_key).first()
    fields = ("account_id", "financer", "financer_name", "amount_cents", "granted_on", "expires_on")
    if known and any(getattr(known, name) != getattr(abondement, name) for name in fields):
        raise IdempotencyConflict
    return known


def _movement(
    abondement: Abondement, kind: MovementKind, cents: int, today: date, key: str
) -> Movement:
    return Movement(
        account_id=abondement.account_id,
        kind=kind,
        pocket=Pocket.ABONDEMENT,
        abondement=abondement,
        amount_cents=cents,
        effective_on=today,
        source=abondement.financer_name,
        legal_basis=EXPIRY_BASIS if kind == MovementKind.EXPIRY else abondement.legal_basis,
        idempotency_key=key,
    )
