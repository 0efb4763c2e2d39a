"""Providers suspended since the index was written: left out by the query, so that nobody waits for it.

The cards of a page come from the database, which has the last word. When it takes some away, the page is
made again without all that is suspended: totals, counts and the other pages are then true as well.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from tantivy import Occur, Query

from catalogue.models import Offer, Provider
from catalogue.search import labels
from catalogue.search.filtering import narrowed
from catalogue.search.labels import Kind, Label
from catalogue.search.matching import every_word
from catalogue.search.schema import OFFERS
from catalogue.search.snapshot import Snapshot, count
from cpf_portal.ui.text import fold

NAME = "suspended"
# Sets of hidden labels, one for each state of the index and of the suspensions.
KEPT = 4


def suspended_providers() -> frozenset[int]:
    """Return the keys of the providers that are suspended now."""
    suspended = Provider.objects.filter(is_suspended=True)
    return frozenset(suspended.order_by().values_list("pk", flat=True))


def hide(state: Snapshot) -> bool:
    """Leave out of `state` the providers suspended now; tell whether some were not yet."""
    new = suspended_providers() - state.hidden
    state.hidden.update(new)
    return bool(new)


def leaving_out(providers: Iterable[int]) -> dict[str, Query]:
    """Return the condition that leaves the offers of these providers out, if there are any."""
    if not (hidden := sorted(providers)):
        return {}
    theirs = Query.term_set_query(OFFERS, "provider_id", hidden)
    parts = [(Occur.Must, Query.all_query()), (Occur.MustNot, theirs)]
    return {NAME: Query.boolean_query(parts)}


def proposed_in(state: Snapshot) -> Callable[[Label], bool]:
    """Return what tells the labels still to be proposed: not the words of suspended providers alone."""
    if not (suspended := suspended_providers()):
        return lambda label: True
    theirs = _labels_of(suspended, state.number)
    return lambda label: _key(label) not in theirs or _is_said(state, label, suspended)


@lru_cache(KEPT)
def _labels_of(providers: frozenset[int], number: int) -> frozenset[tuple[Kind, str]]:
    """Return what the offers of these providers propose; `number` is that of the state of the index."""
    offers = Offer.objects.filter(provider__in=providers).values_list("title", "skills").distinct()
    own: set[tuple[Kind, str]] = set()
    for title, skills in offers.order_by().iterator():
        own.update(map(_key, [*labels.of_title(title), *labels.of_skills(skills)]))
    return frozenset(own)


def _key(label: Label) -> tuple[Kind, str]:
    """Labels that differ by case or accents are one."""
    return label.kind, fold(label.text)


def _is_said(state: Snapshot, label: Label, suspended: frozenset[int]) -> bool:
    """Whether an offer of somebody else has the words of this label."""
    found = narrowed(every_word(label.text, state), leaving_out(suspended))
    return count(state.offers, found) > 0
