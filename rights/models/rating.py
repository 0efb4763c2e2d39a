"""What a trainee thinks of a training that is over: five marks from 1 to 5."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from rights.models.dossier import Dossier

# the five criteria of the portal since 8 April 2021
MARKS = {
    "welcome": "L’accueil",
    "content": "Le contenu de la formation",
    "means": "Les moyens matériels",
    "trainers": "Les formateurs",
    "support": "L’accompagnement",
}


def _mark(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class Rating(models.Model):
    """The marks of one dossier, given once: 1 is very insufficient, 5 excellent."""

    dossier = models.OneToOneField(
        Dossier, models.CASCADE, related_name="rating", verbose_name="dossier"
    )
    welcome = _mark(MARKS["welcome"])
    content = _mark(MARKS["content"])
    means = _mark(MARKS["means"])
    trainers = _mark(MARKS["trainers"])
    support = _mark(MARKS["support"])
    rated_at = models.DateTimeField("donné le")

    class Meta:
        verbose_name = "avis sur une formation"
        verbose_name_plural = "avis sur les formations"
        constraints = [
            models.CheckConstraint(
                condition=Q(*((f"{name}__range", (1, 5)) for name in MARKS)),
                name="rating_marks_go_from_1_to_5",
                violation_error_message="Une note va de 1 à 5.",
            )
        ]

    def __str__(self):
        return f"avis n° {self.pk}"
