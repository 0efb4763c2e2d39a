"""What a person declares of herself and that changes her yearly credit."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Titulaire


class DeclarationKind(models.TextChoices):
    LOW_QUALIFIED = "low_qualified", "Pas de diplôme de niveau 3 (CAP, BEP)"
    BOETH = "boeth", "Bénéficiaire de l’obligation d’emploi"


class DeclarationQuerySet(models.QuerySet):
    def for_titulaire(self, titulaire: Titulaire) -> Self:
        return self.filter(titulaire=titulaire)

    def in_force(self) -> Self:
        """Those that nobody withdrew."""
        return self.filter(withdrawn_on__isnull=True)

    def counting_for(self, year: int) -> Self:
        """Those that count for the credit of `year`.

        From the year of the declaration to the one of its withdrawal, which works from the next
        calendar year (Code du travail, art. R6323-3-1).
        """
        stands = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__year__gte=year)
        return self.filter(stands, declared_on__year__lte=year)


class Declaration(models.Model):
    titulaire = models.ForeignKey(
        Titulaire, models.CASCADE, related_name="declarations", verbose_name="titulaire"
    )
    kind = models.CharField("nature", max_length=20, choices=DeclarationKind.choices)
    declared_on = models.DateField("déclaré le")
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "déclaration"
        constraints = [
            models.UniqueConstraint(
                fields=["titulaire", "kind"],
                condition=Q(withdrawn_on__isnull=True),
                name="declaration_one_in_force",
                violation_error_message="Vous avez déjà fait cette déclaration.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("declared_on")),
                name="declaration_ends_after_it_begins",
                violation_error_message="Le retrait ne peut pas précéder la déclaration.",
            ),
        ]

    def __str__(self):
        return f"déclaration n° {self.pk}"
