"""What a signed-in person keeps of the catalogue; of her account this room knows the name only."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

NEWS_EVERY = timedelta(days=7)
MAX_NAME = 120
# a unique index of PostgreSQL takes 2704 bytes at most
MAX_QUERY = 2000


class SavedSearchQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def due(self, today):
        """Those whose news were last looked for a week ago or more, and are wanted by mail."""
        return self.filter(wants_news=True, news_on__lte=today - NEWS_EVERY)


class SavedSearch(models.Model):
    """A search of /formations/: its address, the name that the person gave it, and what she was told."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_searches",
        verbose_name="compte",
    )
    name = models.CharField("nom", max_length=MAX_NAME)
    # as catalogue.saved.queries writes it: two addresses that ask for the same are one
    query = models.CharField("recherche", max_length=MAX_QUERY)
    wants_news = models.BooleanField("nouveautés par courriel", default=False)
    # both move together: the day of the last look, and the newest offer that there was then
    news_on = models.DateField("nouveautés regardées le")
    newest_offer = models.BigIntegerField("dernière offre connue", default=0)
    created_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = "recherche enregistrée"
        verbose_name_plural = "recherches enregistrées"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "query"],
                name="saved_search_is_saved_once",
                violation_error_message="Cette recherche est déjà enregistrée.",
            ),
            models.CheckConstraint(
                condition=~Q(query="") & ~Q(name=""),
                name="saved_search_asks_and_has_a_name",
                violation_error_message="Une recherche enregistrée a un nom et au moins un critère.",
            ),
        ]
        indexes = [models.Index(fields=["news_on"], condition=Q(wants_news=True), name="news_due")]

    def __str__(self):
        return f"recherche n° {self.pk}"


class FavouriteQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)


class Favourite(models.Model):
    """An offer put aside. Its public id and its title stay when the offer itself is gone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites", verbose_name="compte"
    )
    # no foreign key: an offer that comes back in a later file is the same one
    public_id = models.CharField("offre de formation", max_length=60)
    title = models.CharField("intitulé", max_length=255)
    created_at = models.DateTimeField("ajouté le", auto_now_add=True)

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        verbose_name = "favori"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "public_id"],
                name="favourite_is_kept_once",
                violation_error_message="Cette formation est déjà dans vos favoris.",
            )
        ]

    def __str__(self):
        return f"favori n° {self.pk}"
