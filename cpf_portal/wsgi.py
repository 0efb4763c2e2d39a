"""The application that a server loads. It runs in production unless PORTAL_ENV says otherwise."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpf_portal.settings")
os.environ.setdefault("PORTAL_ENV", "production")

# gunicorn's own code for « this worker cannot boot »: it stops instead of trying again for ever.
BOOT_ERROR = 3


def start() -> WSGIHandler:
    """Return the application, or end the process with the one sentence that says what is wrong."""
    try:
        application = get_wsgi_application()
        from cpf_portal import startup  # noqa: PLC0415 needs the settings

        startup.refuse_hidden_administration()
        startup.refuse_unsafe_database()
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Le portail ne démarre pas : {error}\n")
        raise SystemExit(BOOT_ERROR) from None
    return application


application = start()
