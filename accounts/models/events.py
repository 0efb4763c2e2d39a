"""What happened on an account, written in the transaction of its cause; its owner and the support read it."""

from django.conf import settings
from django.db import models


class EventKind(models.TextChoices):
    FRANCECONNECT_CREATED = "franceconnect_created", "compte créé avec FranceConnect"
    FRANCECONNECT_LINKED = "franceconnect_linked", "identité vérifiée par FranceConnect"
    FRANCECONNECT_UNLINKED = "franceconnect_unlinked", "lien avec FranceConnect retiré"
    TAKEN_OVER = (
        "taken_over",
        "compte non vérifié repris par son titulaire avec FranceConnect : anciens accès fermés",
    )


class AccountEvent(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="events", verbose_name="compte"
    )
    kind = models.CharField("événement", max_length=40, choices=EventKind.choices)
    happened_at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "événement de compte"
        verbose_name_plural = "événements de compte"
        ordering = ["-pk"]

    def __str__(self):
        return f"événement n° {self.pk} ({self.get_kind_display()})"
