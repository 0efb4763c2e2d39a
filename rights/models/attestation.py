"""Statements of rights given to their holder, which support can check by their code."""

import secrets
from datetime import UTC
from typing import Self

from django.db import models

from accounts.crypto import blind_index
from rights.models.ledger import RightsAccount

# Crockford's base 32: no I, L, O nor U to misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # 80 bits of a keyed hash
_MISREAD = str.maketrans("ILO", "110", " -\u00a0\u2010\u2011\u2013")


def normalise_code(text: str) -> str:
    """Return a code as it is kept, whatever its case, its hyphens and its misread letters."""
    return text.upper().translate(_MISREAD)


class AttestationQuerySet(models.QuerySet):
    def with_code(self, text: str) -> Self:
        """The attestation (or none) that bears this code, however it is typed."""
        return self.filter(code=normalise_code(text))


class Attestation(models.Model):
    """What an account held at one moment, under a code that holds no personal data.

    The code is a keyed hash of the amounts, the account and a nonce: it can neither be guessed nor
    computed again by somebody who changes a row of this table.
    """

    account = models.ForeignKey(
        RightsAccount,
        models.PROTECT,
        related_name="attestations",
        verbose_name="compte de droits",
    )
    code = models.CharField("code", max_length=CODE_LENGTH, unique=True, editable=False)
    nonce = models.CharField(max_length=32, editable=False)
    issued_at = models.DateTimeField("établie le")
    cpf_cents = models.BigIntegerField("CPF (centimes)")
    dif_cents = models.BigIntegerField("DIF (centimes)")
    abondement_cents = models.BigIntegerField("abondements (centimes)")
    reserved_cents = models.BigIntegerField("réservé (centimes)", default=0)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation de droits"
        verbose_name_plural = "attestations de droits"
        indexes = [models.Index(fields=["account", "issued_at"], name="attestation_account_moment")]

    def __str__(self):
        return f"attestation n° {self.pk}"

    @property
    def total_cents(self) -> int:
        return self.cpf_cents + self.dif_cents + self.abondement_cents

    @property
    def readable_code(self) -> str:
        """The code as it is printed: four groups of four."""
        return "-".join(self.code[at : at + 4] for at in range(0, CODE_LENGTH, 4))

    @property
    def is_genuine(self) -> bool:
        """Whether the amounts kept are still those for which the code was computed."""
        return self.code == self._compute_code()

    def seal(self) -> None:
        """Draw the nonce and write the code; the other fields are set."""
        self.nonce = secrets.token_hex(16)
        self.code = self._compute_code()

    def _compute_code(self) -> str:
        amounts = (self.cpf_cents, self.dif_cents, self.abondement_cents, self.reserved_cents)
        content = "|".join(
            map(
                str,
                (self.nonce, self.account_id, self.issued_at.astimezone(UTC).isoformat(), *amounts),
            )
        )
        digest = int(blind_index(content, purpose="rights-attestation"), 16)
        return "".join(ALPHABET[digest >> 5 * at & 31] for at in range(CODE_LENGTH))
