"""What every page knows of the portal itself."""

from django.conf import settings


def portal(request):
    names = (
        "SITE_NAME", "PORTAL_OPERATOR", "PORTAL_CONTACT", "DEMONSTRATION", "NOINDEX", "CGU_VERSION",
        "FRANCECONNECT_BUTTON", "SESSION_COOKIE_AGE",
    )  # fmt: skip
    context = {name: getattr(settings, name) for name in names}
    return context | {"has_franceconnect": settings.FRANCECONNECT is not None}
