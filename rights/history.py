"""The history of an account as its page shows it: by year, by line, and what may come next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    BigIntegerField,
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear

from rights.models import (
    Declaration,
    DeclarationKind,
    Figures,
    Movement,
    Pocket,
    RightsAccount,
)
from rights.models.ledger import RESERVATION_KINDS
from rights.rules.work import FULL_YEAR
from rights.rules.yearly import BOETH, LOW_QUALIFIED, Profile, below_cap, yearly_amount

FLAGS = {DeclarationKind.LOW_QUALIFIED: LOW_QUALIFIED, DeclarationKind.BOETH: BOETH}


@dataclass(frozen=True, slots=True)
class Year:
    """One calendar year of an account, in cents: what came, what was used, what was there at its end."""

    year: int
    gained_cents: int
    used_cents: int
    balance_cents: int
    dif_cents: int


def yearly_history(
    account: RightsAccount, *, until: date, known_at: datetime | None = None
) -> list[Year]:
    """Return each year from the first movement to that of `until`, the years without any included.

    `used_cents` is what trainings took or keep reserved, 0 or negative; everything else is gained.
    `known_at` leaves out what was recorded later. One query.
    """
    sums = {row["at"]: row for row in _sums_by_year(account, known_at)}
    years, balance, dif = [], 0, 0
    for year in range(min(sums), max(until.year, *sums) + 1) if sums else ():
        row = sums.get(year, {"gained": 0, "used": 0, "dif": 0})
        balance += row["gained"] + row["used"]
        dif += row["dif"]
        years.append(Year(year, row["gained"], row["used"], balance, dif))
    return years


def with_balance_after(movements: QuerySet[Movement]) -> QuerySet[Movement]:
    """Annotate `balance_cents`, what the account held after each movement, also among filtered lines."""
    earlier = Movement.objects.filter(account=OuterRef("account")).filter(
        Q(effective_on__lt=OuterRef("effective_on"))
        | Q(effective_on=OuterRef("effective_on"), pk__lte=OuterRef("pk"))
    )
    total = earlier.order_by().values("account").annotate(sum=Sum("amount_cents")).values("sum")
    return movements.annotate(balance_cents=Cast(Subquery(total), BigIntegerField()))


def lines(account: RightsAccount, conditions: dict[str, object]) -> Iterator[Movement]:
    """Yield every movement that meets `conditions`, the newest first, with its `balance_cents`.

    They are read once, in constant memory, however many they are.
    """
    if account.pk is None:
        return
    is_shown = ExpressionWrapper(Q(**conditions) if conditions else Q(pk__gt=0), BooleanField())
    movements = Movement.objects.filter(account=account).with_balance().annotate(is_shown=is_shown)
    for movement in movements.newest_first().iterator(chunk_size=500):
        if movement.is_shown:
            yield movement


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the work of `year` may bring in the spring after it, in cents, below the cap."""

    year: int
    full_cents: int
    cap_cents: int
    held_cents: int
    legal_basis: str

    @property
    def cents(self) -> int:
        return below_cap(self.full_cents, cap_cents=self.cap_cents, held_cents=self.held_cents)

    @property
    def next_year(self) -> int:
        return self.year + 1

    @property
    def is_at_cap(self) -> bool:
        return self.held_cents >= self.cap_cents

    @property
    def is_limited(self) -> bool:
        return 0 < self.cents < self.full_cents


def next_credit(
    account: RightsAccount, declarations: Iterable[Declaration], figures: Figures
) -> Prospect | None:
    """Return what a whole year at half-time or more would bring; None when the account is closed.

    `figures` are those of today: the law may change before the credit.
    """
    if account.is_closed(figures.on):
        return None
    flags = 0
    for declaration in declarations:
        flags |= FLAGS[DeclarationKind(declaration.kind)]
    amount = yearly_amount(Profile(salarie_work=FULL_YEAR, flags=flags), figures)
    return Prospect(
        figures.on.year, amount.cents, amount.cap_cents, account.capped_cents, amount.legal_basis
    )


def years_of(account: RightsAccount) -> list[int]:
    """Return the years in which something moved, the newest first."""
    years = Movement.objects.filter(account=account).dates("effective_on", "year", order="DESC")
    return [day.year for day in years]


def _sums_by_year(account: RightsAccount, known_at: datetime | None) -> QuerySet:
    is_use = Q(kind__in=RESERVATION_KINDS)
    is_known = Q(recorded_at__lte=known_at) if known_at else Q()
    return (
        Movement.objects.filter(is_known, account=account)
        .annotate(at=ExtractYear("effective_on"))
        .order_by()
        .values("at")
        .annotate(
            gained=_cents(~is_use),
            used=_cents(is_use),
            dif=_cents(Q(pocket=Pocket.DIF)),
        )
    )


def _cents(condition: Q) -> Cast:
    # PostgreSQL sums bigint into numeric: back to cents
    return Cast(Coalesce(Sum(F("amount_cents"), filter=condition), 0), BigIntegerField())
