"""Proof that the keys of the settings are those of this database."""

import hmac

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from accounts.crypto import blind_index, decrypt, encrypt

WITNESS = "temoin"


class KeyCheckManager(models.Manager):
    def verify(self) -> None:
        """Raise ImproperlyConfigured, naming the setting, when a key does not fit the stored witness.

        The first call on an empty database stores the witness of the keys in use.
        """
        check = self.get_or_create(
            pk=1,
            defaults={
                "encrypted": encrypt(WITNESS),
                "index": blind_index(WITNESS, purpose=WITNESS),
            },
        )[0]
        decrypt(check.encrypted)
        if not hmac.compare_digest(check.index, blind_index(WITNESS, purpose=WITNESS)):
            raise ImproperlyConfigured(
                "NIR_INDEX_KEY n’est pas la clé qui a indexé les numéros de cette base."
            )


class KeyCheck(models.Model):
    """One row: a known word, encrypted and indexed by the keys of this database."""

    encrypted = models.TextField()
    index = models.CharField(max_length=64)

    objects = KeyCheckManager()

    class Meta:
        verbose_name = "témoin des clés"
        verbose_name_plural = "témoins des clés"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="keycheck_is_single",
                violation_error_message="Il n’y a qu’un témoin des clés.",
            )
        ]

    def __str__(self):
        return "témoin des clés"
