"""What the foot of every page says of the pages of text."""

from django.http import HttpRequest

from cpf_portal.pages.accessibility import statement


def pages(request: HttpRequest) -> dict[str, str]:
    return {"ACCESSIBILITY": statement().level}
