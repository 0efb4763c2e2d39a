"""What trainees thought of a training that they followed, as the pages show it: a mean, never who gave it."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import F

# Below, a mean would tell what one person thought.
FEWEST_OPINIONS = 3
MARKS_OF_AN_OPINION = 5


class Rated(models.Model):
    """Written by whoever takes the opinions (rights.dossiers); the imports, which use SQL, do not name it."""

    opinions = models.PositiveIntegerField("avis", default=0, db_default=0, editable=False)
    marks = models.PositiveIntegerField("somme des notes", default=0, db_default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def add_opinion(cls, pk: int, marks: int) -> None:
        """Count one more opinion, whose marks make this sum, in the caller's transaction.

        The search index holds no opinion: it is not told.
        """
        rows = models.QuerySet(cls).filter(pk=pk)
        rows.update(opinions=F("opinions") + 1, marks=F("marks") + marks)

    @property
    def mean_mark(self) -> Decimal | None:
        """Return the mean from 1 to 5, to the tenth; None while there are too few opinions."""
        if self.opinions < FEWEST_OPINIONS:
            return None
        mean = Decimal(self.marks) / (self.opinions * MARKS_OF_AN_OPINION)
        return mean.quantize(Decimal("0.1"), ROUND_HALF_UP)
