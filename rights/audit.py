"""The invariants of the ledger, each as one statement over the whole of it.

Every check yields the rows that break it, as French sentences without personal data.
"""

from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from rights import triggers
from rights.dossiers.audit import CHECKS as DOSSIER_CHECKS
from rights.models import (
    UNFITNESS_KINDS,
    Abondement,
    HoursMovement,
    Movement,
    MovementKind,
    Pocket,
    Reservation,
    ReservationState,
    RightsAccount,
)

Check = Callable[[], Iterator[str]]


def find_faults() -> Iterator[str]:
    """Yield a sentence for each fault of the ledger, check after check."""
    for check in CHECKS:
        yield from check()


def missing_triggers() -> Iterator[str]:
    for name in triggers.missing(connection):
        yield f"déclencheur {name}\u00a0: absent, les mouvements ne sont pas protégés"


def orphans() -> Iterator[str]:
    for pk, account in Movement.objects.orphaned().values_list("pk", "account_id").iterator():
        yield f"mouvement {pk}\u00a0: son compte {account} n’existe pas"
    for pk, holder in RightsAccount.objects.orphaned().values_list("pk", "titulaire_id").iterator():
        yield f"compte {pk}\u00a0: son titulaire {holder} n’existe pas"


def wrong_balances() -> Iterator[str]:
    """Each cached balance is the sum of its movements, and none is negative."""
    for account in RightsAccount.objects.inconsistent().iterator():
        for pocket in Pocket:
            cached = getattr(account, pocket.balance_field)
            summed = int(getattr(account, f"{pocket}_sum"))
            name = f"compte {account.pk}, poche {pocket}"
            if cached != summed:
                yield f"{name}\u00a0: solde {cached}, somme des mouvements {summed} (centimes)"
            if summed < 0:
                yield f"{name}\u00a0: somme des mouvements négative ({summed} centimes)"


def wrong_reserved_amounts() -> Iterator[str]:
    """What is reserved in a pocket is what its reservations that still stand took from it."""
    held = Q(
        movements__kind=MovementKind.RESERVATION,
        movements__reservation__state=ReservationState.HELD,
    )
    sums = {
        f"{pocket}_held": Coalesce(
            -Sum("movements__amount_cents", filter=held & Q(movements__pocket=pocket)), 0
        )
        for pocket in Pocket.values
    }
    wrong = Q()
    for pocket in Pocket.values:
        wrong |= ~Q(**{f"{pocket}_held": F(f"{pocket}_reserved_cents")})
    for pk in _keys(RightsAccount.objects.annotate(**sums).filter(wrong)):
        yield f"compte {pk}\u00a0: le montant réservé n’est pas celui de ses réservations"


def wrong_reservations() -> Iterator[str]:
    """A reservation took its amount once, gave it back once when resolved, and paid what it says."""
    sums = {
        f"{kind}_sum": Coalesce(Sum("movements__amount_cents", filter=Q(movements__kind=kind)), 0)
        for kind in (MovementKind.RESERVATION, MovementKind.RELEASE, MovementKind.SPEND)
    }
    given_back = Case(
        When(state=ReservationState.HELD, then=Value(0)),
        default=F("amount_cents"),
        output_field=BigIntegerField(),
    )
    rows = Reservation.objects.annotate(**sums, given_back=given_back)
    right = Q(
        reservation_sum=-F("amount_cents"),
        release_sum=F("given_back"),
        spend_sum=-F("spent_cents"),
    )
    for pk in _keys(rows.exclude(right)):
        yield f"réservation {pk}\u00a0: ses mouvements ne disent pas ce que dit son état"


def wrong_abondements() -> Iterator[str]:
    for pk in _keys(Abondement.objects.inconsistent()):
        yield f"abondement {pk}\u00a0: son reste n’est pas la somme de ses mouvements"
    named = RightsAccount.objects.annotate(named=Sum("abondements__remaining_cents", default=0))
    for pk in _keys(named.filter(named__gt=F("abondement_cents"))):
        yield f"compte {pk}\u00a0: ses abondements dépassent leur poche"


def wrong_hours() -> Iterator[str]:
    is_unfitness = Q(hours_movements__kind__in=UNFITNESS_KINDS)
    rows = RightsAccount.objects.annotate(
        hours_sum=Sum("hours_movements__hours", filter=~is_unfitness, default=0),
        unfitness_sum=Sum("hours_movements__hours", filter=is_unfitness, default=0),
    )
    right = Q(hours_sum=F("public_hours"), unfitness_sum=F("unfitness_hours"))
    for pk in _keys(rows.exclude(right)):
        yield f"compte {pk}\u00a0: le compteur d’heures n’est pas la somme de ses mouvements"


def wrong_yearly_credits() -> Iterator[str]:
    """One credit a year by the yearly run, within the amount of its rule and under the cap."""
    runs = Movement.objects.filter(
        kind=MovementKind.YEARLY_CREDIT, idempotency_key__startswith="year:"
    )
    twice = runs.values("account_id", "year").annotate(times=Count("pk")).filter(times__gt=1)
    for row in twice.order_by("account_id", "year").iterator():
        yield f"compte {row['account_id']}\u00a0: année {row['year']} créditée {row['times']} fois"
    figures = {
        name: Cast(KT(f"details__{key}"), BigIntegerField())
        for name, key in (("most", "amount_cents"), ("cap", "cap_cents"), ("held", "held_cents"))
    }
    beyond = Q(amount_cents__gt=F("cap") - F("held")) | Q(amount_cents__gt=F("most"))
    for pk in _keys(runs.annotate(**figures).filter(beyond)):
        yield f"mouvement {pk}\u00a0: il dépasse le montant de sa règle ou le plafond"


def repeated_keys() -> Iterator[str]:
    """No unique index allows them, a damaged one may hold some."""
    repeated = Movement.objects.values("idempotency_key").annotate(
        times=Count("pk"), first=Min("pk"), last=Max("pk")
    )
    for row in repeated.filter(times__gt=1).order_by("first").iterator():
        yield f"mouvements {row['first']} et {row['last']}\u00a0: ils ont la même clé"


def future_movements() -> Iterator[str]:
    today = timezone.localdate()
    for model in (Movement, HoursMovement):
        for pk in _keys(model.objects.filter(effective_on__gt=today)):
            yield f"{model._meta.verbose_name} {pk}\u00a0: sa date d’effet est à venir"


def _keys(rows: QuerySet) -> Iterator[int]:
    return rows.order_by("pk").values_list("pk", flat=True).iterator()


CHECKS: tuple[Check, ...] = (
    missing_triggers,
    orphans,
    wrong_balances,
    wrong_reserved_amounts,
    wrong_reservations,
    wrong_abondements,
    wrong_hours,
    wrong_yearly_credits,
    repeated_keys,
    future_movements,
    *DOSSIER_CHECKS,
)
