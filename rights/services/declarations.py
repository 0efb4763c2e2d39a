"""What a person declares of herself: diploma and obligation d’emploi, dated and revocable."""

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import Titulaire
from rights.models import Declaration, DeclarationKind


def declare(*, titulaire: Titulaire, kind: DeclarationKind, today: date) -> Declaration:
    """Record that `titulaire` is of `kind` from today on; the one in force is returned when there is one.

    It works from the credit of the year of the declaration (Code du travail, art. R6323-3-1).
    """
    try:
        with transaction.atomic():
            return Declaration.objects.create(titulaire=titulaire, kind=kind, declared_on=today)
    except IntegrityError:  # declared already, by a second click or in another tab
        return Declaration.objects.in_force().get(titulaire=titulaire, kind=kind)


def withdraw(*, titulaire: Titulaire, kind: DeclarationKind, today: date) -> bool:
    """End the declaration in force, if any, and tell whether there was one.

    The credit changes from the next calendar year on (Code du travail, art. R6323-3-1, III).
    """
    standing = Declaration.objects.in_force().for_titulaire(titulaire).filter(kind=kind)
    return bool(standing.update(withdrawn_on=today))


def disown_declarations(*, titulaire: Titulaire, since: date) -> int:
    """Erase what somebody else declared since then in her name; return how many were in force.

    It was never her word, so that it counts for no year: the next calculation of a credit does without.
    """
    declared = Declaration.objects.for_titulaire(titulaire).filter(declared_on__gte=since)
    standing = declared.in_force().count()
    declared.delete()
    return standing
