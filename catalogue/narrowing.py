"""The filters as a page shows them: the choices with their counts, and the tags that take them away."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from catalogue.forms import SearchForm
from catalogue.search import FACETS
from catalogue.search.facets import Facet
from catalogue.search.filtering import Counts
from cpf_portal.ui.formats import date_fr

# Of these the most frequent come first, and beyond so many the others are folded.
LONG_FACETS = {"region", "departement"}
MOST_SHOWN = 6
WITH_BOUNDS = {"prix", "entrees"}
EXACT = ("prix_min", "prix_max", "debut_min", "debut_max", "droits", "organisme")
NAMES = (*EXACT, *(facet.name for facet in FACETS))


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    is_ticked: bool


@dataclass(frozen=True)
class Group:
    """The choices of a facet; `folded` are those that a click unfolds."""

    name: str
    title: str
    choices: list[Choice]
    folded: list[Choice]


@dataclass(frozen=True)
class Tag:
    """A filter in use, and the search without it."""

    label: str
    address: str


def groups(form: SearchForm, counts: Counts) -> list[Group]:
    """Return the facets with a choice that is ticked or holds offers, and those with bounds to type."""
    chosen = form.chosen
    made = [
        _group(facet, counts.get(facet.name, {}), chosen.get(facet.name, ())) for facet in FACETS
    ]
    return [group for group in made if group.choices or group.name in WITH_BOUNDS]


def tags(form: SearchForm, query: QueryDict) -> list[Tag]:
    """Return the filters in use, each with the query string of the same search without it."""
    return [Tag(label, without(query, name, value)) for name, value, label in _used(form)]


def without(query: QueryDict, name: str, value: str = "") -> str:
    """Return a search without one value of a parameter (without all of them when none is named)."""
    kept = query.copy()
    kept.setlist(name, [item for item in query.getlist(name) if value and item != value])
    kept.pop("page", None)
    return kept.urlencode()


def cleared(query: QueryDict) -> str:
    """Return the search without any filter: its words, place and order."""
    kept = query.copy()
    for name in (*NAMES, "page"):
        kept.pop(name, None)
    return kept.urlencode()


def _group(facet: Facet, counts: dict[str, int], ticked: tuple[str, ...]) -> Group:
    choices = [
        Choice(value, label, counts.get(value, 0), value in ticked)
        for value, label in facet.labels.items()
        if counts.get(value) or value in ticked
    ]
    if facet.name not in LONG_FACETS:
        return Group(facet.name, facet.title, choices, [])
    choices.sort(key=lambda choice: (not choice.is_ticked, -choice.count, choice.label))
    shown = max(MOST_SHOWN, len(ticked))
    return Group(facet.name, facet.title, choices[:shown], choices[shown:])


def _used(form: SearchForm) -> Iterator[tuple[str, str, str]]:
    """Yield (parameter, value or nothing, label) of each filter."""
    for facet in FACETS:
        for value in form.chosen.get(facet.name, ()):
            yield facet.name, value, facet.labels[value]
    held = form.cleaned_data
    if form.is_within_rights:
        yield "droits", "", "Financée entièrement par mes droits"
    if held.get("prix_min") is not None:
        yield "prix_min", "", f"À partir de {held['prix_min']}\u00a0€"
    if held.get("prix_max") is not None:
        yield "prix_max", "", f"Jusqu’à {held['prix_max']}\u00a0€"
    if held.get("debut_min"):
        yield "debut_min", "", f"À partir du {date_fr(held['debut_min'])}"
    if held.get("debut_max"):
        yield "debut_max", "", f"Jusqu’au {date_fr(held['debut_max'])}"
    if held.get("organisme"):
        yield "organisme", "", f"Organisme {held['organisme']}"
