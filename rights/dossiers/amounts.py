"""What each pocket pays of a dossier: the rule of enrolment, asked with what the account holds."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from catalogue.models import Certification
from rights.dossiers.terms import Terms
from rights.models import (
    Abondement,
    Dossier,
    Figures,
    Financer,
    MovementKind,
    Pocket,
    RightsAccount,
)
from rights.rules import enrolment
from rights.rules.consumption import Source
from rights.services import owed_dif_cents, usable_sources

# whoever is helped by one of these pays no participation
EXEMPTING = (Financer.EMPLOYER, Financer.OPCO, Financer.C2P, Financer.AT_MP)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Cents; the four first make the price, the participation is part of the remainder."""

    cpf_cents: int
    dif_cents: int
    abondement_cents: int
    remainder_cents: int
    participation_cents: int

    @property
    def rights_cents(self) -> int:
        return self.cpf_cents + self.dif_cents + self.abondement_cents

    @classmethod
    def of_dossier(cls, dossier: Dossier) -> Self:
        return cls(
            dossier.cpf_cents,
            dossier.dif_cents,
            dossier.abondement_cents,
            dossier.remainder_cents,
            dossier.participation_cents,
        )

    @classmethod
    def unpaid(cls, price_cents: int) -> Self:
        """Nobody has rights to pay with: all of it remains."""
        return cls(0, 0, 0, price_cents, 0)


def compute(account: RightsAccount, dossier: Dossier, terms: Terms, *, figures: Figures) -> Amounts:
    """Return who would pay `terms`, with the rights of `account`. Raises AccountClosed.

    What the dossier holds already counts as available: a proposal is compared with the same rights.
    """
    if account.pk is None:  # nothing was ever credited
        return Amounts.unpaid(terms.price_cents)
    certification = dossier.offer.certification
    sources = _sources(account, dossier, certification, figures.on)
    rows = account.abondements.filter(financer__in=EXEMPTING)
    shares = enrolment.share(
        terms.price_cents,
        sources,
        figures=figures,
        ceiling_cents=enrolment.ceiling(certification, figures),
        exempting=frozenset(rows.values_list("pk", flat=True)),
    )
    return Amounts(
        cpf_cents=shares.of(Pocket.CPF),
        dif_cents=shares.of(Pocket.DIF),
        abondement_cents=shares.of(Pocket.ABONDEMENT),
        remainder_cents=shares.remainder_cents,
        participation_cents=shares.participation_cents,
    )


def _sources(
    account: RightsAccount, dossier: Dossier, certification: Certification | None, today: date
) -> list[Source]:
    free = usable_sources(account, today=today, certification=certification)
    held = _held(dossier)
    if owed := owed_dif_cents(account) if held else 0:
        # a refused DIF goes as soon as the dossier gives it back
        held[Pocket.DIF, None] -= owed
    sources = [
        replace(
            s, available_cents=max(s.available_cents + held.pop((s.pocket, s.abondement), 0), 0)
        )
        for s in free
    ]
    emptied = {abondement: cents for (_, abondement), cents in held.items() if abondement}
    return sources + _emptied_abondements(emptied, today)


def _held(dossier: Dossier) -> Counter[tuple[str, int | None]]:
    """Return what the dossier holds, in cents, by pocket and abondement."""
    held: Counter[tuple[str, int | None]] = Counter()
    if dossier.reservation:
        for row in dossier.reservation.movements.filter(kind=MovementKind.RESERVATION):
            held[row.pocket, row.abondement_id] -= row.amount_cents
    return held


def _emptied_abondements(cents: dict[int, int], today: date) -> list[Source]:
    """Return those that the dossier used up, as they would be if it gave them back."""
    rows = Abondement.objects.filter(pk__in=cents).exclude(expires_on__lt=today)
    return [
        Source(
            Pocket.ABONDEMENT,
            cents[row.pk],
            row.pk,
            row.is_used_before_cpf,
            row.certifications.exists(),
            row.expires_on,
        )
        for row in rows
    ]
