"""What can be learnt, from whom and when."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalogue.changes import IndexedModel, IndexedQuerySet, OfferChange
from catalogue.models.opinions import Rated
from catalogue.models.places import Commune

MAX_PRICE_CENTS = 1_000_000_00
# The pages that stand beside those of the offers (catalogue.urls): none may hide an offer.
RESERVED_IDS = ("lieux", "sujets", "comparer")


class Provider(Rated, IndexedModel):
    offer_path = "offers"

    siret = models.CharField("SIRET", max_length=14, unique=True)
    name = models.CharField("nom", max_length=250)
    phone = models.CharField("téléphone", max_length=16, blank=True)
    email = models.EmailField("courriel", blank=True)
    website = models.URLField("site internet", blank=True)
    is_suspended = models.BooleanField("suspendu", default=False)

    class Meta:
        verbose_name = "organisme de formation"
        verbose_name_plural = "organismes de formation"
        permissions = [("suspend_provider", "Suspendre un organisme")]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_suspended=True), name="suspended_providers")
        ]
        constraints = [
            models.CheckConstraint(
                # the pattern alone would take 13 digits and a line end
                condition=Q(siret__length=14, siret__regex="^[0-9]{14}$"),
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
    offer_path = "offers"

    code = models.CharField(max_length=12, unique=True, help_text="RNCP35584, RS5550, CPF206…")
    kind = models.CharField("répertoire", max_length=4, choices=CertificationKind.choices)
    # empty until the registers' file names it: the files of the providers only give a code
    title = models.CharField("intitulé", max_length=400, blank=True)
    # European level 1 to 8; none for the RS
    level = models.PositiveSmallIntegerField("niveau", null=True, blank=True)
    # words of the jobs it leads to, for the search
    jobs = models.TextField("métiers visés", blank=True)
    # « A1101 M1607 »: the ROME codes of these jobs
    rome_codes = models.CharField("codes ROME", max_length=120, blank=True)
    is_active = models.BooleanField("active au répertoire", default=True)
    expires_on = models.DateField("fin d’enregistrement", null=True, blank=True)

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
        return f"{self.code} {self.title}".strip()


class Modality(models.TextChoices):
    ON_SITE = "on_site", "En centre de formation"
    MIXED = "mixed", "En centre et à distance"
    REMOTE = "remote", "À distance"


class OfferQuerySet(IndexedQuerySet):
    def published(self):
        """Offers that the public may see."""
        return self.of_active_providers().filter(removed_at=None)

    def of_active_providers(self):
        """Offers that may be spoken of, those that are gone too."""
        return self.filter(provider__is_suspended=False)

    def from_source(self, source):
        """Offers that this source publishes now."""
        return self.filter(source=source, removed_at=None)

    def for_display(self):
        """With all that a card or a page of an offer shows, in a constant number of queries."""
        return self.select_related("provider", "certification", "commune").prefetch_related(
            models.Prefetch("sessions", Session.objects.order_by("starts_on", "pk"))
        )


class Offer(Rated, IndexedModel):
    """One « action de formation »: a training by a provider, in one place or at a distance."""

    public_id = models.CharField("identifiant public", max_length=60, unique=True)
    # --- where it comes from (catalogue.imports); all empty for an offer typed by hand
    source = models.CharField("source", max_length=40, blank=True, db_index=True)
    # what the file said of it: the same digest is the same offer, which is not written again
    digest = models.CharField(max_length=32, blank=True, editable=False)
    # the « formation » of which it is one « action »: its other places and dates bear the same
    training_number = models.CharField("numéro de la formation", max_length=60, blank=True)
    number = models.CharField("numéro de l’action", max_length=60, blank=True)
    # gone from its source's file: kept for the dossiers that name it, shown to nobody
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)
    # --- what it is
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
    # where only the département is known (open data); else that of the commune
    department = models.CharField("département", max_length=3, blank=True)
    is_accessible = models.BooleanField("lieu accessible", default=False)
    price_cents = models.PositiveIntegerField("prix TTC (centimes)")
    # an offer that stands for several: from price_cents and hours to these
    price_max_cents = models.PositiveIntegerField("prix TTC maximal", null=True, blank=True)
    hours = models.PositiveIntegerField("durée (heures)", null=True, blank=True)
    hours_max = models.PositiveIntegerField("durée maximale (heures)", null=True, blank=True)
    company_hours = models.PositiveIntegerField("dont en entreprise", null=True, blank=True)
    extra_costs = models.TextField("frais non pris en charge", blank=True)
    is_exam_included = models.BooleanField("examen compris dans le prix", null=True, blank=True)
    # European levels 1 to 8
    entry_level = models.PositiveSmallIntegerField("niveau d’entrée", null=True, blank=True)
    exit_level = models.PositiveSmallIntegerField("niveau de sortie", null=True, blank=True)
    # codes of the LHEO dictionary
    objective_code = models.PositiveSmallIntegerField("objectif général", null=True, blank=True)
    pathway_code = models.PositiveSmallIntegerField("parcours", null=True, blank=True)
    rhythm = models.TextField("rythme", blank=True)
    admission = models.TextField("modalités d’admission", blank=True)
    teaching_methods = models.TextField("modalités pédagogiques", blank=True)
    accessibility = models.TextField("accueil des personnes handicapées", blank=True)
    catering = models.CharField("restauration", max_length=250, blank=True)
    housing = models.CharField("hébergement", max_length=250, blank=True)
    transport = models.CharField("transport", max_length=250, blank=True)
    # codes one after the other: « FR EN », « M1805 », « 31088 31054 », « 326 »
    languages = models.CharField("langues", max_length=20, blank=True)
    rome_codes = models.CharField("codes ROME", max_length=40, blank=True)
    formacodes = models.CharField("Formacodes", max_length=40, blank=True)
    nsf_codes = models.CharField("codes NSF", max_length=20, blank=True)
    website = models.URLField("page de la formation", max_length=250, blank=True)
    contact_name = models.CharField("contact", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone du contact", max_length=16, blank=True)
    contact_email = models.EmailField("courriel du contact", blank=True)
    updated_at = models.DateTimeField("mise à jour", auto_now=True)

    offer_path = "pk"
    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "offre de formation"
        verbose_name_plural = "offres de formation"
        permissions = [
            ("export_offers", "Exporter des offres"),
            ("rebuild_index", "Reconstruire l’index de recherche"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(public_id__in=RESERVED_IDS),
                name="offer_public_id_is_not_a_page",
                violation_error_message="Cet identifiant public est celui d’une page du portail.",
            ),
            models.CheckConstraint(
                condition=Q(price_cents__range=(0, MAX_PRICE_CENTS)),
                name="offer_price_is_credible",
                violation_error_message="Le prix va de 0 à 1\u00a0000\u00a0000\u00a0€.",
            ),
            models.CheckConstraint(
                condition=Q(price_max_cents=None) | Q(price_max_cents__range=(0, MAX_PRICE_CENTS)),
                name="offer_highest_price_is_credible",
                violation_error_message="Le prix maximal va de 0 à 1\u00a0000\u00a0000\u00a0€.",
            ),
            models.CheckConstraint(
                condition=Q(modality=Modality.REMOTE)
                | Q(commune__isnull=False)
                | Q(department__length__gt=0),
                name="offer_on_site_has_a_place",
                violation_error_message="Une formation en centre a une commune ou un département.",
            ),
            models.CheckConstraint(
                condition=Q(entry_level=None) | Q(entry_level__range=(1, 8)),
                name="offer_entry_level_between_1_and_8",
                violation_error_message="Le niveau d’entrée va de 1 à 8.",
            ),
            models.CheckConstraint(
                condition=Q(exit_level=None) | Q(exit_level__range=(1, 8)),
                name="offer_exit_level_between_1_and_8",
                violation_error_message="Le niveau de sortie va de 1 à 8.",
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
            if (session.state != SessionState.OPEN or session.is_full)
            and (session.is_permanent or session.starts_on >= today)
        ]


class SessionState(models.TextChoices):
    OPEN = "open", "ouverte"
    CLOSED = "closed", "complète"
    SUSPENDED = "suspended", "suspendue"


# Places that are not counted never run out.
HAS_A_PLACE = Q(places=None) | Q(places_taken__lt=models.F("places"))


class SessionQuerySet(IndexedQuerySet):
    def upcoming(self, today):
        """Open sessions that can still be joined: permanent entries, or a start not past; not full."""
        return self.filter(HAS_A_PLACE, state=SessionState.OPEN).filter(
            Q(is_permanent=True) | Q(starts_on__gte=today)
        )

    def take_place(self, pk: int) -> bool:
        """Take a place of an open session, in the caller's transaction; False when none is left.

        One conditional UPDATE: of the people who come at once, as many win as there are places.
        """
        joinable = self.filter(HAS_A_PLACE, pk=pk, state=SessionState.OPEN)
        return self._count_place(joinable, pk, 1)

    def give_place_back(self, pk: int) -> bool:
        """Give back a place that was taken, in the caller's transaction."""
        return self._count_place(self.filter(pk=pk, places_taken__gt=0), pk, -1)

    def _count_place(self, rows, pk, places) -> bool:
        # Most places change nothing that the index shows: only the last one is told to it.
        taken = models.QuerySet.update(rows, places_taken=models.F("places_taken") + places)
        if taken:
            limit = models.F("places") if places > 0 else models.F("places") - 1
            OfferChange.objects.record(self.filter(pk=pk, places_taken=limit).offer_ids())
        return bool(taken)


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
    is_guaranteed = models.BooleanField("garantie", default=False)
    # No file of the providers says how many: the support types it; empty is not counted.
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    # kept for the dossiers; the imports, which write rows by SQL, do not name it
    places_taken = models.PositiveIntegerField(
        "places prises", default=0, db_default=0, editable=False
    )

    offer_path = "offer"
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
            models.CheckConstraint(
                condition=Q(places=None) | Q(places_taken__lte=models.F("places")),
                name="session_places_are_enough",
                violation_error_message="Il y a déjà plus d’inscrits que de places.",
            ),
        ]

    def __str__(self):
        return f"session n° {self.pk}"

    def is_upcoming(self, today) -> bool:
        """Whether it can still be joined: the rule of `upcoming`, for a session already loaded."""
        return (
            self.state == SessionState.OPEN
            and not self.is_full
            and (self.is_permanent or self.starts_on >= today)
        )

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.places_taken >= self.places
