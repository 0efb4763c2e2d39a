"""The sessions of the browsers, and the places where somebody is signed in, as she recognises them."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class StoredSession(AbstractBaseSession):
    """A session, and the number of the account that signed in: no foreign key, it outlives an erasure."""

    account_pk = models.BigIntegerField("compte n°", null=True, db_index=True, editable=False)

    @classmethod
    def get_session_store_class(cls):
        from accounts.session_store import SessionStore  # noqa: PLC0415 it needs this model

        return SessionStore

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()  # nobody reads them
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self):
        return "session"  # its key opens it


class AccountSessionQuerySet(models.QuerySet):
    def living(self, now):
        """Those that the life of a session has not ended: idleness and age."""
        return self.filter(
            seen_at__gte=now - timedelta(seconds=settings.SESSION_COOKIE_AGE),
            started_at__gte=now - timedelta(seconds=settings.SESSION_ABSOLUTE_AGE),
        )


class AccountSession(models.Model):
    """One row beside each session of a signed-in person. No address of a machine is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions", verbose_name="compte"
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField("navigateur", max_length=80)
    started_at = models.DateTimeField("ouverte le")
    seen_at = models.DateTimeField("utilisée le", db_index=True)

    objects = AccountSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "connexion ouverte"
        verbose_name_plural = "connexions ouvertes"
        ordering = ["-seen_at"]

    def __str__(self):
        return f"connexion n° {self.pk}"
