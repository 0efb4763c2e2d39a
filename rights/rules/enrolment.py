"""Who pays how much of a training: the rights, in their order, within the ceilings; the person the rest.

Pure: the figures and the sources are given.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.models import Certification, CertificationKind
from cpf_portal.ui.text import fold
from rights.models.ledger import Pocket
from rights.models.parameter import Figures
from rights.models.parameter import ParameterName as P
from rights.rules.consumption import Part, Source, plan

BILAN = "CPF202"
# the driving licence of cars; those of heavy vehicles have no ceiling
PERMIS = "CPF206"


@dataclass(frozen=True, slots=True)
class Shares:
    """The price of a training by who pays it, in cents; `participation_cents` is part of the remainder."""

    parts: tuple[Part, ...]
    remainder_cents: int
    participation_cents: int = 0

    def of(self, pocket: Pocket) -> int:
        return sum(part.cents for part in self.parts if part.pocket == pocket)

    @property
    def rights_cents(self) -> int:
        return sum(part.cents for part in self.parts)


def ceiling(certification: Certification | None, figures: Figures) -> int | None:
    """Return how much of the rights, in cents, may pay for this certification; None when no ceiling holds.

    Code du travail, art. D6323-1 A.
    """
    name = _ceiling_name(certification)
    return None if name is None else figures.figure(name).value


def _ceiling_name(certification: Certification | None) -> P | None:
    if certification is None:
        return None
    if certification.code == BILAN:
        return P.BILAN_CEILING
    if certification.code == PERMIS:
        return P.PERMIS_CEILING
    is_clea = "clea" in fold(certification.title).split()
    return P.RS_CEILING if certification.kind == CertificationKind.RS and not is_clea else None


def share(
    price_cents: int,
    sources: Iterable[Source],
    *,
    figures: Figures,
    ceiling_cents: int | None = None,
    exempting: frozenset[int] = frozenset(),
) -> Shares:
    """Share the price (cents, 1 or more) between the rights and the person.

    She pays the participation of the day (Code du travail, art. L6323-4) unless one of the abondements
    `exempting`, given by their keys, pays a part: those of the employer, of an OPCO, of the C2P or of
    the AT/MP branch.
    """
    sources = list(sources)
    most = min(
        price_cents,
        sum(source.available_cents for source in sources),
        price_cents if ceiling_cents is None else ceiling_cents,
    )
    parts = tuple(plan(most, sources)) if most else ()
    participation = min(figures[P.PARTICIPATION], price_cents)
    if participation == 0 or any(part.abondement in exempting for part in parts):
        return Shares(parts, price_cents - most)
    paid = min(most, price_cents - participation)
    return Shares(tuple(plan(paid, sources)) if paid else (), price_cents - paid, participation)
