"""Variables of the environment; a wrong one is told in one French sentence that names it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


@contextmanager
def told_in_french(name: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{name} manque ou n’a pas la forme attendue (voir .env.example)."
        ) from None


class PortalEnv(environ.Env):
    """django-environ, whose refusals an operator can read."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        with told_in_french(var):
            return super().get_value(var, *args, **kwargs)

    def db_url(self, var: str, *args: Any, **kwargs: Any) -> dict:
        with told_in_french(var):
            return super().db_url(var, *args, **kwargs)

    def cache_url(self, var: str, *args: Any, **kwargs: Any) -> dict:
        with told_in_french(var):
            return super().cache_url(var, *args, **kwargs)

    def email_url(self, var: str, *args: Any, **kwargs: Any) -> dict:
        with told_in_french(var):
            return super().email_url(var, *args, **kwargs)
