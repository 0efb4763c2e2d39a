"""What the templates of the desk ask for."""

from django import template
from django.urls import reverse
from django.utils import timezone

from cpf_portal.desk.export_pages import link_for
from cpf_portal.ui import admin_lists

register = template.Library()
OPEN = "accounts.open_file"


@register.simple_tag(takes_context=True)
def export_link(context, cl) -> str:
    """Return the address where the list `cl` is taken away, for who may; else an empty text."""
    return link_for(cl.model, context["request"].user)


@register.simple_tag(takes_context=True)
def file_link(context) -> str:
    """Return the address of the file to which the row of the page belongs, for who may open it."""
    owner = context["adminform"].model_admin
    if not hasattr(owner, "titulaire_of") or not context["request"].user.has_perm(OPEN):
        return ""
    titulaire = owner.titulaire_of(context["original"])
    return reverse("admin:desk_file", args=[titulaire.pk]) if titulaire else ""


@register.inclusion_tag("admin/date_hierarchy.html")
def date_choices(cl) -> dict:
    """Show the years, months or days of a list, without reading it."""
    return admin_lists.date_choices(cl, timezone.localdate())
