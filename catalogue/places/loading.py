"""When the communes were last loaded: what each process keeps of them holds until then."""

import time
from datetime import datetime

from django.db.models import Max

from catalogue.models import Commune

LOOK_EVERY_SECONDS = 1.0

_looked_at = 0.0
_version: datetime | None = None


def version() -> datetime | None:
    """Return the moment of the last change of the table, as it was a second ago at most."""
    global _looked_at, _version
    now = time.monotonic()
    if not _looked_at or now - _looked_at >= LOOK_EVERY_SECONDS:
        _version = Commune.objects.aggregate(version=Max("updated_at"))["version"]
        _looked_at = now
    return _version


def look_again() -> None:
    """Ask the table at the next call."""
    global _looked_at
    _looked_at = 0.0
