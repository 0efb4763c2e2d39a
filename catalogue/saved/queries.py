"""A search as it is kept: one query string for all the addresses that ask for the same, and a name for it."""

from urllib.parse import urlencode

from django.http import QueryDict

from catalogue import headings, narrowing
from catalogue.forms import SearchForm
from catalogue.models.saved import MAX_NAME
from catalogue.search import DEFAULT_RADIUS_KM


def read(query: str, *, budget_cents: int = 0) -> SearchForm:
    """Return a saved search as the search page reads it; `budget_cents` are the rights of its owner."""
    return SearchForm(QueryDict(query), budget_cents=budget_cents)


def normalised(form: SearchForm) -> str:
    """Return the query string of a search, "" when it asks for nothing that can be saved.

    The page is left out, and what the search left aside; the place is the one that was understood.
    """
    if form.is_place_missing:
        return ""
    asked = {name: value for name, value in form.cleaned_data.items() if name in form.data}
    asked["quoi"] = " ".join(form.quoi_read.split())
    asked["ou"] = form.place.label if form.place else ""
    asked["droits"] = "oui" if asked.get("droits") == "oui" else ""
    if not form.has_radius or form.radius_km == DEFAULT_RADIUS_KM:
        asked.pop("rayon", None)
    asked.pop("page", None)
    given = {name: _ordered(value) for name, value in sorted(asked.items()) if value}
    return urlencode(given, doseq=True) if given.keys() - {"tri"} else ""


def proposed_name(form: SearchForm) -> str:
    """Return « Anglais à 30 km de Toulouse · RS · Jusqu’à 1500 € », cut to what a name may be."""
    criteria = form.criteria()
    words = " ".join(form.quoi_read.split())
    subject = f"{words[:1].upper()}{words[1:]}" or "Toutes les formations"
    chosen = headings.FORMATS[criteria.format] if criteria.format else ""
    filters = [tag.label for tag in narrowing.tags(form, QueryDict())]
    name = " · ".join([f"{subject}{chosen}{headings.where(criteria)}", *filters])
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1].rstrip(' ·')}…"


def _ordered(value):
    return sorted(value) if isinstance(value, tuple) else value
