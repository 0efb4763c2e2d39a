"""The card of an offer, rendered once for each state of the offer and kept with it.

What a search adds to it (the way back, the distance, the other places) is put in afterwards.
"""

import secrets

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from catalogue import comparing
from catalogue.comparing import Selection
from catalogue.search import Hit
from catalogue.search.paging import Others
from catalogue.search.schema import full_price_cents
from catalogue.templatetags.catalogue import km

# What no text of a provider can hold, since it is drawn anew by each process.
_MARKS = {
    name: f"{name}-{secrets.token_hex(8)}"
    for name in ("address", "distance", "paid", "others", "compare")
}


def html(
    hit: Hit,
    *,
    address: str = "",
    budget_cents: int | None = None,
    selection: Selection | None = None,
) -> SafeString:
    """Return the card; `address` is the search as a query string, so that the offer leads back to it.

    With a `selection`, the card has the link that compares its offer.
    """
    offer = hit.offer
    key = hit.next_session and hit.next_session.pk
    if key not in hit.kept.shown:
        context = {"offer": offer, "next_session": hit.next_session, "marks": _MARKS}
        hit.kept.shown[key] = render_to_string("catalogue/_card.html", context)
    distance = km(hit.distance_km)
    added = {
        "address": escape(f"?{address}") if address else "",
        "distance": escape(f", {distance}") if distance else "",
        "paid": _paid(full_price_cents(offer), budget_cents),
        "others": _others(hit.others, offer.get_absolute_url(), address),
        "compare": "" if selection is None else comparing.link(offer, selection),
    }
    card = hit.kept.shown[key]
    for name, text in added.items():
        card = card.replace(_MARKS[name], text)
    return SafeString(card)


def _paid(price_cents: int, budget_cents: int | None) -> str:
    if budget_cents is None or price_cents > budget_cents:
        return ""
    return format_html("<small>{}</small>", "Financée par mes droits")


def _others(others: Others, url: str, address: str) -> str:
    if not others.offers:
        return ""
    link = f"{url}?{address}#autres-lieux" if address else f"{url}#autres-lieux"
    return format_html('<li><a href="{}">{}</a></li>', link, others_label(others))


def others_label(others: Others) -> str:
    """Return « + 12 lieux », or « + 2 offres semblables » where all are in the same town."""
    if others.places:
        return f"+ {others.places} lieu{'x' if others.places > 1 else ''}"
    plural = "s" if others.offers > 1 else ""
    return f"+ {others.offers} offre{plural} semblable{plural}"
