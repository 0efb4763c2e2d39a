"""What is checked once in the database before the first request is served."""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.urls import resolve

from accounts.models import AuditMark, KeyCheck, User

logger = logging.getLogger(__name__)


def refuse_hidden_administration() -> None:
    """Raise ImproperlyConfigured when another page of the portal has the address of the administration."""
    if resolve(f"/{settings.ADMIN_PATH}").app_name != "admin":
        raise ImproperlyConfigured(
            "ADMIN_PATH est déjà l’adresse d’une page du portail\u00a0: choisissez-en une autre."
        )


def refuse_unsafe_database() -> None:
    """Raise ImproperlyConfigured when the keys do not fit the data, or production has demonstration accounts.

    A database that does not answer, or that is not migrated yet, is no reason to stay down:
    the pages say so (503) and the portal is back as soon as the database is.
    """
    try:
        KeyCheck.objects.verify()
        AuditMark.objects.verify()
        has_demonstration = (
            settings.PRODUCTION and User.objects.filter(is_demonstration=True).exists()
        )
    except DatabaseError as error:
        logger.warning("La base de données ne répond pas au démarrage : %s", type(error).__name__)
        return
    if has_demonstration:
        raise ImproperlyConfigured(
            "DATABASE_URL désigne une base qui contient des comptes de démonstration : "
            "la production n’en accepte aucun."
        )
