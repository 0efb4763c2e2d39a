"""The buttons by which a person keeps a search or an offer: at most one query each, none signed out."""

from django import template
from django.template.context import RequestContext

from catalogue.forms import SearchForm
from catalogue.models import Favourite, Offer, SavedSearch
from catalogue.saved import queries

register = template.Library()


@register.simple_tag(takes_context=True)
def saving(context: RequestContext, form: SearchForm) -> str:
    """Return what a page of results offers: "possible", "done", or "" (nothing to save, or the staff)."""
    user = context["user"]
    query = queries.normalised(form)
    if not query or user.is_staff:
        return ""
    if user.is_authenticated and SavedSearch.objects.of(user).filter(query=query).exists():
        return "done"
    return "possible"


@register.simple_tag(takes_context=True)
def is_favourite(context: RequestContext, offer: Offer) -> bool:
    """Tell whether the signed-in person has put this offer aside."""
    user = context["user"]
    if not user.is_authenticated or user.is_staff:
        return False
    return Favourite.objects.of(user).filter(public_id=offer.public_id).exists()
