"""A dossier: one person, one session of a training, what it costs and who pays it, and where it stands."""

import secrets
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.append_only import AppendOnlyModel, AppendOnlyQuerySet
from accounts.models import Titulaire, User
from catalogue.models import Offer, Provider, Session
from rights.dossiers.states import AWAITING, CLOSED, OPEN, RUNNING, Action, ActorKind, State
from rights.models.reservation import Reservation

# Neither 0 and O, nor 1, I and L: a reference may be read over the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 16  # 79 bits: nobody guesses it
DRAFTS_KEPT = timedelta(days=183)


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


class DossierQuerySet(models.QuerySet):
    def of(self, user: User) -> Self:
        """Those that `user` may see: a draft is only for the account that made it."""
        return self.filter(Q(user=user) | ~Q(state=State.DRAFT), titulaire=user.titulaire)

    def for_titulaire(self, titulaire: Titulaire) -> Self:
        return self.filter(titulaire=titulaire)

    def for_provider(self, provider: Provider) -> Self:
        """What a provider may know of: requests that were sent to it."""
        return self.filter(provider=provider).exclude(state=State.DRAFT)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def closed(self) -> Self:
        return self.filter(state__in=CLOSED)

    def running(self) -> Self:
        """Sent and not closed: rights are reserved for them."""
        return self.filter(state__in=RUNNING)

    def forgotten_drafts(self, now: datetime) -> Self:
        """Drafts begun long ago, or by an account that is no more."""
        old = Q(created_at__lt=now - DRAFTS_KEPT) | Q(user=None)
        return self.filter(old, state=State.DRAFT)

    def overdue(self, today: date) -> Self:
        """Those that fall: the answer was due before `today`, or force majeure could be claimed till then.

        An absence that the support looks at waits: so does one of an account that is frozen, or gone.
        """
        unanswered = Q(state__in=AWAITING, due_on__lt=today)
        return self.filter(unanswered | self._established(today))

    def with_claim_answered(self) -> Self:
        """Annotate `claim_answered`: true once the support has refused a claim of force majeure.

        One claim a dossier, and one more for each absence: the end would wait for ever otherwise.
        """
        about = (Action.REFUSE_FORCE_MAJEURE, Action.DECLARE_ABSENCE)
        told = DossierEvent.objects.filter(dossier=OuterRef("pk"), action__in=about)
        is_refusal = Q(action=Action.REFUSE_FORCE_MAJEURE)
        last = told.order_by("-pk").values_list(
            models.ExpressionWrapper(is_refusal, BooleanField())
        )
        return self.annotate(claim_answered=Coalesce(Subquery(last[:1]), False))

    def claim_answered(self) -> Self:
        """Those whose last claim of force majeure the support has refused."""
        return self.with_claim_answered().filter(claim_answered=True)

    def undeclared(self, latest: date) -> Self:
        """Those whose entry, end or service done happened on `latest` or before, and is not declared."""
        return self.filter(
            Q(state=State.VALIDATED, starts_on__lte=latest)
            | Q(state=State.IN_TRAINING, ends_on__lte=latest)
            | Q(state=State.FINISHED, ended_on__lte=latest),
            absence_until=None,
        )

    def _established(self, today: date) -> Q:
        free = User.objects.filter(spending_frozen_at=None)
        return Q(
            Exists(free.filter(titulaire=OuterRef("titulaire"))),
            state__in=(State.VALIDATED, State.IN_TRAINING),
            absence_until__lt=today,
            force_majeure_claimed_at=None,
            fraud_reported_at=None,
        )


class Dossier(models.Model):
    """What was agreed is kept here: the catalogue may change, what was reviewed does not.

    `rights.dossiers.services` changes it, along the rows of `rights.dossiers.transitions`.
    """

    reference = models.CharField(
        "référence", max_length=20, unique=True, default=new_reference, editable=False
    )
    # What goes beyond a draft is protected by its reservation, and the person with it.
    titulaire = models.ForeignKey(
        Titulaire, models.CASCADE, related_name="dossiers", verbose_name="titulaire"
    )
    # the account that made it: a draft dies with it
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="dossiers",
        verbose_name="compte",
    )
    offer = models.ForeignKey(
        Offer, models.PROTECT, related_name="dossiers", verbose_name="offre de formation"
    )
    # a session may leave the catalogue, not its dates
    session = models.ForeignKey(
        Session,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="dossiers",
        verbose_name="session",
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="dossiers", verbose_name="organisme"
    )
    state = models.CharField("état", max_length=24, choices=State.choices, default=State.DRAFT)
    # --- the offer as it was reviewed
    title = models.CharField("intitulé", max_length=255)
    provider_name = models.CharField("nom de l’organisme", max_length=250)
    place = models.CharField("lieu", max_length=300, blank=True)
    hours = models.PositiveIntegerField("durée (heures)", null=True, blank=True)
    starts_on = models.DateField("début de la formation")
    ends_on = models.DateField("fin de la formation", null=True, blank=True)
    has_prerequisites = models.BooleanField("prérequis à vérifier", default=False)
    price_cents = models.PositiveIntegerField("prix TTC (centimes)")
    # --- who pays it; in a draft nothing is decided and all of it remains
    cpf_cents = models.PositiveIntegerField("payé par le CPF (centimes)", default=0)
    dif_cents = models.PositiveIntegerField("payé par le DIF (centimes)", default=0)
    abondement_cents = models.PositiveIntegerField("payé par abondement (centimes)", default=0)
    remainder_cents = models.PositiveIntegerField("reste à payer (centimes)")
    participation_cents = models.PositiveIntegerField(
        "dont participation forfaitaire (centimes)", default=0
    )
    reservation = models.OneToOneField(
        Reservation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossier",
        verbose_name="réservation",
    )
    # --- what the provider proposes instead: starts_on, ends_on, hours, price_cents, note
    proposal = models.JSONField("proposition", default=dict, blank=True)
    # --- days and moments
    due_on = models.DateField("réponse attendue jusqu’au", null=True, blank=True)
    withdrawal_until = models.DateField("rétractation jusqu’au", null=True, blank=True)
    free_cancellation_until = models.DateField(
        "annulation sans frais jusqu’au", null=True, blank=True
    )
    created_at = models.DateTimeField("créé le")
    requested_at = models.DateTimeField("demandé le", null=True, blank=True)
    validated_at = models.DateTimeField("validé le", null=True, blank=True)
    entered_on = models.DateField("entrée en formation", null=True, blank=True)
    ended_on = models.DateField("sortie de formation", null=True, blank=True)
    force_majeure_claimed_at = models.DateTimeField(
        "force majeure déclarée le", null=True, blank=True
    )
    # an absence was declared, and costs nothing before this day is over
    absence_until = models.DateField(
        "absence\u00a0: force majeure déclarable jusqu’au", null=True, blank=True
    )
    fraud_reported_at = models.DateTimeField("fraude signalée le", null=True, blank=True)
    # the share of the training that took place, once its end is settled
    done_percent = models.PositiveSmallIntegerField("part réalisée (%)", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    # counts the steps: who acts over a version that was read loses nobody else's change
    version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de formation"
        verbose_name_plural = "dossiers de formation"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_on"], name="dossier_due_on", condition=Q(due_on__isnull=False)
            ),
            models.Index(
                fields=["requested_at"],
                name="dossier_requested_at",
                condition=Q(requested_at__isnull=False),
            ),
            models.Index(
                fields=["absence_until"],
                name="dossier_absence_until",
                condition=Q(absence_until__isnull=False),
            ),
            models.Index(fields=["provider", "updated_at"], name="dossier_provider_updates"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["titulaire", "session"],
                condition=Q(state__in=sorted(OPEN)),
                name="dossier_one_place_a_session",
                violation_error_message="Un dossier est déjà en cours pour cette session.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="dossier_state_is_known",
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(
                    price_cents=F("cpf_cents")
                    + F("dif_cents")
                    + F("abondement_cents")
                    + F("remainder_cents")
                ),
                name="dossier_price_is_paid_in_full",
                violation_error_message="Les droits et le reste à payer font le prix.",
            ),
            models.CheckConstraint(
                condition=Q(remainder_cents__gte=F("participation_cents")),
                name="dossier_participation_is_in_remainder",
                violation_error_message="La participation fait partie du reste à payer.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, reservation=None, requested_at=None)
                | (
                    ~Q(state=State.DRAFT) & Q(reservation__isnull=False, requested_at__isnull=False)
                ),
                name="dossier_sent_has_a_reservation",
                violation_error_message="Une demande envoyée réserve des droits, un brouillon aucun.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(AWAITING), due_on__isnull=False)
                | (~Q(state__in=sorted(AWAITING)) & Q(due_on=None)),
                name="dossier_awaited_answer_has_a_day",
                violation_error_message="Une réponse attendue a une date limite.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at=None)),
                name="dossier_closed_says_when",
                violation_error_message="Un dossier clos dit quand il l’a été.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="dossier_ends_after_it_starts",
                violation_error_message="La formation finit après son début.",
            ),
            models.CheckConstraint(
                condition=Q(done_percent=None) | Q(done_percent__lte=100),
                name="dossier_done_share_is_a_percentage",
                violation_error_message="La part réalisée va de 0 à 100\u00a0%.",
            ),
        ]

    def __str__(self):
        return f"dossier n° {self.pk}"

    @property
    def rights_cents(self) -> int:
        """What the rights pay, in cents."""
        return self.cpf_cents + self.dif_cents + self.abondement_cents

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED


class DossierEventQuerySet(AppendOnlyQuerySet):
    def in_order(self) -> Self:
        return self.order_by("pk").select_related("author")

    def forget_words_of(self, titulaire: Titulaire) -> int:
        """Erase what a person wrote herself, when her account closes; return how many lines."""
        own = self.filter(dossier__titulaire=titulaire, actor=ActorKind.TITULAIRE)
        return super(AppendOnlyQuerySet, own.exclude(reason="")).update(reason="")


class DossierEvent(AppendOnlyModel):
    """One line of the time line of a dossier: added with each step, never changed."""

    dossier = models.ForeignKey(
        Dossier, models.CASCADE, related_name="events", verbose_name="dossier"
    )
    action = models.CharField("étape", max_length=30)
    state_before = models.CharField("état avant", max_length=24, choices=State.choices, blank=True)
    state_after = models.CharField("état après", max_length=24, choices=State.choices)
    actor = models.CharField("acteur", max_length=12, choices=ActorKind.choices)
    # the account that did it: the person's own, or that of the staff who acts for the provider
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="auteur",
    )
    # what acted when it was not an account: the prefix of an API key
    actor_name = models.CharField("nom de l’acteur", max_length=120, blank=True)
    happened_at = models.DateTimeField("le")
    reason = models.CharField("motif", max_length=1000, blank=True)
    data = models.JSONField("précisions", default=dict, blank=True)

    objects = DossierEventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement de dossier"
        verbose_name_plural = "événements de dossier"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor__in=ActorKind.values),
                name="dossierevent_actor_is_known",
                violation_error_message="Cet acteur n’existe pas.",
            )
        ]

    def __str__(self):
        return f"événement de dossier n° {self.pk}"
