"""Where a training takes place."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from catalogue.lookups import Begins

models.CharField.register_lookup(Length)
models.CharField.register_lookup(Begins)


class CommuneQuerySet(models.QuerySet):
    def named_from(self, *beginnings):
        """Communes whose folded name begins with one of these folded texts."""
        begins = (Q(name_folded__begins=beginning) for beginning in beginnings)
        return self.filter(reduce(or_, begins))

    def whole(self):
        """Without the arrondissements of the cities: the last condition, as it spares few rows."""
        # Told by their name: nearly every row has no parent, and SQLite would read that index first.
        return self.exclude(name_folded__endswith=" arrondissement")

    def largest_first(self):
        return self.order_by("-population", "code")


class Commune(models.Model):
    """A commune, or an arrondissement of Paris, Lyon or Marseille (then `parent` is its city)."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=100)
    name_folded = models.CharField(max_length=120, editable=False, db_index=True)
    # " 31000 31100 ": a space on each side, so that a postcode is found whole or by its beginning
    postcodes = models.CharField("codes postaux", max_length=200)
    department = models.CharField("département", max_length=3, db_index=True)
    # two characters, or the three of an overseas collectivity (975, 987…)
    region = models.CharField("région", max_length=3)
    population = models.PositiveIntegerField(default=0)
    latitude = models.FloatField()
    longitude = models.FloatField()
    is_approximate = models.BooleanField("position approximative", default=False)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name="ville",
        related_name="districts",
    )
    # indexed: its maximum tells every worker that the table was loaded again (see places)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"

    def __str__(self):
        return f"{self.name} ({self.code})"

    @property
    def postcode(self) -> str:
        """The first of the postcodes, or an empty text."""
        return (self.postcodes.split() or [""])[0]
