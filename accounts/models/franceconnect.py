"""FranceConnect: whose identity opens which account, and the steps of an arrival that is under way."""

from django.conf import settings
from django.db import models

from accounts.crypto import EncryptedTextField


class FranceConnectLinkQuerySet(models.QuerySet):
    def of(self, *, issuer: str, sub: str):
        """The link (or none) of the person whom this provider names so."""
        return self.filter(issuer=issuer, sub=sub)


class FranceConnectLink(models.Model):
    """The name of a person at a provider. It is pairwise: no other site knows her by it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="franceconnect_link",
        verbose_name="compte",
    )
    issuer = models.CharField("fournisseur", max_length=200)
    sub = models.CharField("identifiant chez le fournisseur", max_length=255)
    acr = models.CharField("niveau de garantie", max_length=40)
    linked_at = models.DateTimeField("relié le", auto_now_add=True)
    last_used_at = models.DateTimeField("dernier passage")

    objects = FranceConnectLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien FranceConnect"
        verbose_name_plural = "liens FranceConnect"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "sub"],
                name="franceconnect_identity_opens_one_account",
                violation_error_message="Cette identité ouvre déjà un autre compte.",
            )
        ]

    def __str__(self):
        return f"lien FranceConnect n° {self.pk}"


class FranceConnectStepQuerySet(models.QuerySet):
    def live(self, now):
        return self.filter(expires_at__gt=now)

    def expired(self, now):
        return self.filter(expires_at__lte=now)


class FranceConnectStep(models.Model):
    """What has to be known again at the next page: encrypted, short-lived, served once, to one browser."""

    class Kind(models.TextChoices):
        REQUEST = "request", "demande en cours"
        IDENTITY = "identity", "identité reçue"

    handle_hash = models.CharField(max_length=64, primary_key=True)
    browser_hash = models.CharField(max_length=64)
    kind = models.CharField("étape", max_length=20, choices=Kind.choices)
    sealed = EncryptedTextField()
    expires_at = models.DateTimeField("jusqu’à", db_index=True)

    objects = FranceConnectStepQuerySet.as_manager()

    class Meta:
        verbose_name = "étape FranceConnect"
        verbose_name_plural = "étapes FranceConnect"

    def __str__(self):
        return f"étape FranceConnect ({self.get_kind_display()})"
