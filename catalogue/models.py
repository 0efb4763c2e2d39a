"""What can be learnt, where, from whom and when."""

from functools import reduce
from operator import or_

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.urls import reverse

from catalogue.changes import IndexedModel, IndexedQuerySet, start_indexing
from catalogue.lookups import Begins

models.CharField.register_lookup(Length)
models.CharField.register_lookup(Begins)


class CommuneQuerySet(models.QuerySet):
    def named_from(self, *beginnings):
        """Communes whose folded name begins with one of these folded texts."""
        begins = (Q(name_folded__begins=beginning) for beginning in beginnings)
        return self.filter(reduce(or_, begins))

    def whole(self):
        """Without the arrondissements of the cities."""
        # Told by their name: nearly every row has no parent, and SQLite would read that index first.
        return self.exclude(name_folded__endswith=" arrondissement")

    def with_postcode_from(self, digits):
        """Communes with a postcode that begins with `digits`."""
        return self.filter(postcodes__contains=f" {digits}")

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


class Provider(IndexedModel):
    offer_path = "provider"

    siret = models.CharField("SIRET", max_length=14, unique=True)
    name = models.CharField("nom", max_length=250)
    phone = models.CharField("téléphone", max_length=16, blank=True)
    email = models.EmailField("courriel", blank=True)
    website = models.URLField("site internet", blank=True)
    is_suspended = models.BooleanField("suspendu", default=False)

    class Meta:
        verbose_name = "organisme de formation"
        verbose_name_plural = "organismes de formation"
        constraints = [
            models.CheckConstraint(
                condition=Q(siret__length=14),
                name="provider_siret_has_14_digits",
                violation_error_message="Un SIRET compte 14 chiffres.",
            )
        ]

    def __str__(self):
        return self.name


class CertificationKind(models.TextChoices):
    RNCP = "RNCP", "Répertoire national (RNCP)"
    RS = "RS", "Répertoire spécifique (RS)"
    CPF = "CPF", "Action éligible au CPF"


class Certification(IndexedModel):
    offer_path = "certification"

    code = models.CharField(max_length=12, unique=True, help_text="RNCP35584, RS5550, CPF206…")
    kind = models.CharField("répertoire", max_length=4, choices=CertificationKind.choices)
    title = models.CharField("intitulé", max_length=400)
    # European level 1 to 8; none for the RS
    level = models.PositiveSmallIntegerField("niveau", null=True, blank=True)
    # words of the jobs it leads to, for the search
    jobs = models.TextField("métiers visés", blank=True)

    class Meta:
        verbose_name = "certification"
        constraints = [
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__range=(1, 8)),
                name="certification_level_between_1_and_8",
                violation_error_message="Le niveau va de 1 à 8.",
            )
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class Modality(models.TextChoices):
    ON_SITE = "on_site", "En centre de formation"
    MIXED = "mixed", "En centre et à distance"
    REMOTE = "remote", "À distance"


class OfferQuerySet(IndexedQuerySet):
    def published(self):
        """Offers that the public may see."""
        return self.filter(provider__is_suspended=False)

    def for_display(self):
        """With all that a card or a page of an offer shows, in a constant number of queries."""
        return self.select_related("provider", "certification", "commune").prefetch_related(
            models.Prefetch("sessions", Session.objects.order_by("starts_on", "pk"))
        )


class Offer(IndexedModel):
    """One « action de formation »: a training by a provider, in one place or at a distance."""

    public_id = models.CharField("identifiant public", max_length=60, unique=True)
    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="offers", verbose_name="organisme"
    )
    certification = models.ForeignKey(
        Certification,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name="certification",
    )
    title = models.CharField("intitulé", max_length=255)
    highlights = models.CharField("points forts", max_length=255, blank=True)
    objectives = models.TextField("objectifs", blank=True)
    content = models.TextField("contenu", blank=True)
    results = models.TextField("résultats attendus", blank=True)
    access_conditions = models.TextField("conditions d’accès", blank=True)
    skills = models.TextField("compétences (mots pour la recherche)", blank=True)
    modality = models.CharField("format", max_length=10, choices=Modality.choices)
    commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name="commune",
    )
    address = models.CharField("adresse", max_length=250, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    price_cents = models.PositiveIntegerField("prix TTC (centimes)")
    hours = models.PositiveIntegerField("durée (heures)", null=True, blank=True)
    updated_at = models.DateTimeField("mise à jour", auto_now=True)

    offer_path = "pk"
    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "offre de formation"
        verbose_name_plural = "offres de formation"
        constraints = [
            models.CheckConstraint(
                condition=Q(modality=Modality.REMOTE) | Q(commune__isnull=False),
                name="offer_on_site_has_a_commune",
                violation_error_message="Une formation en centre a une commune.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("catalogue:offer", args=[self.public_id])

    def upcoming_sessions(self, today) -> list["Session"]:
        """Sessions that can still be joined, permanent entries first, then the nearest."""
        upcoming = [session for session in self.sessions.all() if session.is_upcoming(today)]
        return sorted(upcoming, key=lambda session: not session.is_permanent)

    def full_sessions(self, today) -> list["Session"]:
        """Sessions to come, or permanent, that cannot be joined: full or suspended."""
        return [
            session
            for session in self.sessions.all()
            if session.state != SessionState.OPEN
            and (session.is_permanent or session.starts_on >= today)
        ]


class Synonym(models.Model):
    """What people type, and what the catalogue calls it; each finds the other."""

    term = models.CharField(
        "ce que l’on tape",
        max_length=60,
        unique=True,
        help_text="Un sigle, un mot ou quelques mots\u00a0: SST, assmat, poids lourd…",
    )
    meaning = models.CharField(
        "ce que cela veut dire",
        max_length=200,
        help_text="Plusieurs sens sont séparés par des virgules.",
    )

    class Meta:
        verbose_name = "synonyme"

    def __str__(self):
        return f"{self.term} = {self.meaning}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        transaction.on_commit(start_indexing, robust=True)

    def delete(self, *args, **kwargs):
        transaction.on_commit(start_indexing, robust=True)
        return super().delete(*args, **kwargs)


class SessionState(models.TextChoices):
    OPEN = "open", "ouverte"
    CLOSED = "closed", "complète"
    SUSPENDED = "suspended", "suspendue"


class SessionQuerySet(IndexedQuerySet):
    def upcoming(self, today):
        """Open sessions that can still be joined: permanent entries, or a start not past."""
        return self.filter(state=SessionState.OPEN).filter(
            Q(is_permanent=True) | Q(starts_on__gte=today)
        )


class Session(IndexedModel):
    offer = models.ForeignKey(
        Offer, models.CASCADE, related_name="sessions", verbose_name="offre de formation"
    )
    number = models.CharField("numéro", max_length=60, blank=True)
    is_permanent = models.BooleanField("entrées et sorties permanentes", default=False)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    state = models.CharField(
        "inscriptions", max_length=10, choices=SessionState.choices, default=SessionState.OPEN
    )

    offer_path = "sessions"
    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_permanent=True) | Q(starts_on__isnull=False),
                name="session_has_dates_or_is_permanent",
                violation_error_message="Une session a une date de début ou des entrées permanentes.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None)
                | Q(ends_on=None)
                | Q(ends_on__gte=models.F("starts_on")),
                name="session_ends_after_it_starts",
                violation_error_message="La session finit après son début.",
            ),
        ]

    def __str__(self):
        return f"session n° {self.pk}"

    def is_upcoming(self, today) -> bool:
        """Whether it can still be joined: the rule of `upcoming`, for a session already loaded."""
        return self.state == SessionState.OPEN and (self.is_permanent or self.starts_on >= today)
