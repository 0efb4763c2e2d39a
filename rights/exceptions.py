"""What the ledger refuses."""

from datetime import date


class LedgerError(Exception):
    """A movement that cannot be recorded."""


class IdempotencyConflict(LedgerError):
    """The key already belongs to a movement that says something else."""

    def __init__(self) -> None:
        super().__init__("This idempotency key already belongs to another movement.")


class InsufficientRights(LedgerError):
    """The pocket does not hold the amount to take from it."""

    def __init__(self) -> None:
        super().__init__("The pocket holds less than the amount to take from it.")


class MissingParameter(LookupError):
    """No figure of this name is in force on the day asked."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__(f"Aucun paramètre {name} n’est en vigueur le {on:%d/%m/%Y}.")


class DifClosed(LedgerError):
    """The last day to declare the DIF is over."""


class DifDeclared(LedgerError):
    """The account bears a DIF already, or its declaration has been decided meanwhile."""


class ProofErased(LedgerError):
    """There is no proof to accept any more; the message is a French sentence that says so."""


class DifUsed(LedgerError):
    """A part of the DIF is reserved or spent: it can no longer be corrected by its holder."""


class DifWorn(LedgerError):
    """The declaration was corrected as often as it may be."""


class AccountClosed(LedgerError):
    """The account gains nothing and pays for nothing any more: full-rate pension, or death."""


class ReservationResolved(LedgerError):
    """The reservation was already spent or released."""


class NeedsSecondPerson(LedgerError):
    """The correction is above the threshold: somebody proposes it, somebody else approves it."""


class ProposalDecided(LedgerError):
    """The correction was already approved or refused."""


class SamePerson(LedgerError):
    """Nobody approves her own correction."""


class AboveCap(LedgerError):
    """The conversion would lift the rights above their cap."""
