"""What every page knows of the portal itself."""

from django.conf import settings


def portal(request):
    names = ("SITE_NAME", "PORTAL_OPERATOR", "PORTAL_CONTACT", "DEMONSTRATION", "CGU_VERSION")
    return {name: getattr(settings, name) for name in names}
