"""Up to three offers side by side: which ones is kept in the address, what they differ by is told here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalogue.models import Offer, Session
from catalogue.templatetags.catalogue import hours, level_name
from catalogue.timetable import PERMANENT, place_label
from cpf_portal.ui.formats import date_fr, euros

NAME = "comparer"  # the parameter of the address, once for each offer
MOST = 3
MAX_ID = Offer._meta.get_field("public_id").max_length


@dataclass(frozen=True)
class Selection:
    """The offers to compare, by their public ids, and the search that they come with."""

    ids: tuple[str, ...]
    search: str = ""

    @classmethod
    def of(cls, query: QueryDict, search: str = "") -> "Selection":
        """Return the first ids of an address that may be some; `search` is its query string without them."""
        typed = (text for text in query.getlist(NAME) if _is_possible(text))
        return cls(tuple(dict.fromkeys(typed))[:MOST], search)

    def __contains__(self, public_id: str) -> bool:
        return public_id in self.ids

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_full(self) -> bool:
        return len(self.ids) == MOST

    @property
    def query(self) -> str:
        """The search with the offers to compare, as a query string."""
        return self._query(self.ids)

    def with_(self, public_id: str) -> str:
        return self._query((*self.ids, public_id))

    def without(self, public_id: str) -> str:
        return self._query([one for one in self.ids if one != public_id])

    def _query(self, ids: Sequence[str]) -> str:
        chosen = urlencode([(NAME, one) for one in ids])
        return "&".join(part for part in (self.search, chosen) if part)

    def chosen(self) -> list["Chosen"]:
        """Return those that are published, in the order of the address, in at most two queries."""
        if not self.ids:
            return []
        offers = Offer.objects.published().for_display().filter(public_id__in=self.ids)
        found = {offer.public_id: offer for offer in offers}
        return [Chosen(found[one], self.without(one)) for one in self.ids if one in found]


@dataclass(frozen=True)
class Chosen:
    """An offer to compare, and the query string without it."""

    offer: Offer
    without: str


@dataclass(frozen=True)
class Row:
    """One thing compared: for each offer its title and its value, « Non précisé » where there is none."""

    label: str
    cells: list[tuple[str, str]]


def _is_possible(text: str) -> bool:
    return 0 < len(text) <= MAX_ID and "\0" not in text


def link(offer: Offer, selection: Selection, anchor: str = "") -> SafeString | str:
    """Return the link that adds an offer or takes it away; nothing where no more can be added.

    It leads back to `anchor`, by default to itself.
    """
    own = f"formation-{offer.pk}"
    anchor = anchor or f"#{own}"
    if offer.public_id in selection:
        return format_html(
            '<li id="{}"><a href="?{}{}" rel="nofollow">Retirer de la comparaison'
            '<span class="sr-only"> {}</span></a></li>'
            '<li><a href="{}?{}" rel="nofollow">Comparer ({})</a></li>',
            own, selection.without(offer.public_id), anchor, offer.title,
            _page(), selection.query, len(selection),
        )  # fmt: skip
    if selection.is_full:
        return ""
    return format_html(
        '<li id="{}"><a href="?{}{}" rel="nofollow">Comparer<span class="sr-only"> {}</span></a></li>',
        own, selection.with_(offer.public_id), anchor, offer.title,
    )  # fmt: skip


@cache
def _page() -> str:
    return reverse("catalogue:compare")


def rows(offers: Sequence[Offer], today: date) -> list[Row]:
    """Return what tells offers apart, without what none of them says."""
    told = {
        "Organisme": [offer.provider.name for offer in offers],
        "Prix": [_price(offer) for offer in offers],
        "Durée": [_hours(offer) for offer in offers],
        "Format": [offer.get_modality_display() for offer in offers],
        "Lieu": [_place(offer) for offer in offers],
        "Prochaine session": [_next(offer.upcoming_sessions(today)) for offer in offers],
        "Certification": [_certification(offer) for offer in offers],
        "Niveau de sortie": [_level(offer) for offer in offers],
        "Examen": [_exam(offer) for offer in offers],
        "Frais non pris en charge": [offer.extra_costs for offer in offers],
        "Rythme": [offer.rhythm for offer in offers],
        "Accessibilité du lieu": ["Oui" if offer.is_accessible else "" for offer in offers],
    }
    titles = [offer.title for offer in offers]
    return [
        Row(label, [*zip(titles, (value or "Non précisé" for value in values), strict=True)])
        for label, values in told.items()
        if any(values)
    ]


def _price(offer: Offer) -> str:
    if offer.price_max_cents:
        return f"De {euros(offer.price_cents)} à {euros(offer.price_max_cents)}"
    return euros(offer.price_cents)


def _hours(offer: Offer) -> str:
    if offer.hours and offer.hours_max:
        return f"De {offer.hours} à {hours(offer.hours_max)}"
    return hours(offer.hours)


def _place(offer: Offer) -> str:
    street = " ".join(offer.address.split())
    return f"{street}, {place_label(offer)}" if street and offer.commune else place_label(offer)


def _next(upcoming: Sequence[Session]) -> str:
    if not upcoming:
        return "Pas de session annoncée"
    first = upcoming[0]
    told = PERMANENT if first.is_permanent else date_fr(first.starts_on)
    more = len(upcoming) - 1
    return f"{told} (et {more} autre{'s' if more > 1 else ''})" if more else told


def _certification(offer: Offer) -> str:
    if offer.certification is None:
        return "Aucune"
    return f"{offer.certification.title} ({offer.certification.code})".strip()


def _level(offer: Offer) -> str:
    return level_name((offer.certification and offer.certification.level) or offer.exit_level)


def _exam(offer: Offer) -> str:
    return {True: "Compris dans le prix", False: "En plus du prix", None: ""}[
        offer.is_exam_included
    ]
