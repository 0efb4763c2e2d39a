"""Tell the rest of the portal what the catalogue did, without importing it."""

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string


def tell(kind: str, *, target: models.Model, **facts: object) -> None:
    """Call settings.CATALOGUE_OBSERVER with what was done to `target`; `facts` are numbers and codes."""
    import_string(settings.CATALOGUE_OBSERVER)(kind, target=target, **facts)
