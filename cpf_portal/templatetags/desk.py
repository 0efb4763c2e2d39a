"""What the templates of the desk ask for."""

from django import template

from cpf_portal.desk.export_pages import link_for

register = template.Library()


@register.simple_tag(takes_context=True)
def export_link(context, model) -> str:
    """Return the address where the list of `model` is taken away, for who may; else an empty text."""
    return link_for(model, context["request"].user)
