"""The buttons by which a person keeps a search or an offer: at most one query each, none signed out."""

from dataclasses import dataclass

from django import template
from django.template.context import RequestContext

from catalogue.forms import SearchForm
from catalogue.models import Favourite, Offer, SavedSearch
from catalogue.saved import queries

register = template.Library()


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that can be saved, and whether the person has saved it."""

    query: str
    is_saved: bool


@register.simple_tag(takes_context=True)
def search_to_save(context: RequestContext, form: SearchForm) -> Asked | None:
    """Return the search of a page; None when there is nothing to save, or for the staff."""
    user = context["user"]
    query = queries.normalised(form)
    if not query or (user.is_authenticated and user.is_staff):
        return None
    is_saved = user.is_authenticated and SavedSearch.objects.of(user).filter(query=query).exists()
    return Asked(query, is_saved)


@register.simple_tag(takes_context=True)
def is_favourite(context: RequestContext, offer: Offer) -> bool:
    """Tell whether the signed-in person has put this offer aside."""
    user = context["user"]
    if not user.is_authenticated or user.is_staff:
        return False
    return Favourite.objects.of(user).filter(public_id=offer.public_id).exists()
