"""Template tags and filters of the portal: `{% load portal %}`."""

from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context, RequestContext
from django.utils import timezone
from django.utils.html import format_html

from cpf_portal.ui import formats
from cpf_portal.ui.pagination import page_numbers

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """Return cents as an amount in euros, nothing for None."""
    return "" if cents is None else formats.euros(cents)


@register.filter
def date_fr(day: date | datetime | None) -> str:
    """Return a day, or the local day of a moment, in full; nothing for None."""
    if day is None:
        return ""
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return formats.date_fr(day)


@register.simple_tag(takes_context=True)
def aria_current(context: RequestContext, href: str) -> str:
    """Mark a navigation link: `page` on the page itself, `true` on the pages below it."""
    path = getattr(context.get("request"), "path", "")
    if path == href:
        return format_html(' aria-current="{}"', "page")
    if href and path.startswith(href):
        return format_html(' aria-current="{}"', "true")
    return ""


@register.inclusion_tag("includes/pagination.html", takes_context=True)
def pagination(
    context: RequestContext, page_obj: Page, name: str = "page", label: str = "Pages de résultats"
) -> dict[str, Any]:
    """Show the links to the other pages; the rest of the query string is kept.

    Two lists on one page have each their parameter (`name`) and their `label`.
    """
    return {
        "request": context["request"],
        "page_obj": page_obj,
        "numbers": page_numbers(page_obj),
        "name": name,
        "label": label,
    }


@register.simple_tag(takes_context=True)
def page_query(context: Context, number: int) -> str:
    """Return the query string of a page, where `pagination` put the name of its parameter."""
    params = context["request"].GET.copy()
    params[context["name"]] = number
    return f"?{params.urlencode()}"
