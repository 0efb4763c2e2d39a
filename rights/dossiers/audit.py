"""What must hold between the dossiers, the ledger, the places and the payments; run by check_ledger.

As in rights.audit, each check yields a French sentence for every row that breaks it.
"""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Lag

from catalogue.models import Offer, Provider, Session
from rights.dossiers.states import RUNNING, WITH_PLACE, Action, State
from rights.dossiers.transitions import TABLE
from rights.models import (
    Dossier,
    DossierEvent,
    Payment,
    PaymentState,
    Rating,
    Reservation,
    ReservationState,
)
from rights.models.rating import MARKS

HELD, RELEASED = ReservationState.HELD, ReservationState.RELEASED
PAID = (State.VALIDATED, State.IN_TRAINING, State.FINISHED, State.SETTLED)


def wrong_dossier_reservations() -> Iterator[str]:
    """A dossier under way holds what it says, of its own person; an ended one holds nothing."""
    running = Q(state__in=RUNNING)
    given_back = Q(state__in=(State.REFUSED, State.REQUEST_CANCELLED))
    amount = F("cpf_cents") + F("dif_cents") + F("abondement_cents")
    wrong = (
        (running & ~Q(reservation__state=HELD))
        | (~running & Q(reservation__state=HELD))
        | (given_back & ~Q(reservation__state=RELEASED))
        | ~Q(reservation__amount_cents=amount)
        | ~Q(reservation__account__titulaire=F("titulaire"))
    )
    for pk in _keys(Dossier.objects.exclude(state=State.DRAFT).filter(wrong)):
        yield f"dossier {pk}\u00a0: sa réservation ne dit pas ce que dit son état"
    lost = Reservation.objects.held().filter(reference__startswith="dossier ", dossier=None)
    for pk in _keys(lost):
        yield f"réservation {pk}\u00a0: aucun dossier ne la porte"


def wrong_places() -> Iterator[str]:
    """A session counts as many places taken as dossiers that have one."""
    # by the dossiers, which are few beside the sessions of a country
    with_place = Dossier.objects.filter(state__in=WITH_PLACE, session__isnull=False)
    counted = with_place.order_by().values("session_id").annotate(named=Count("pk"))
    wrong = counted.exclude(named=F("session__places_taken")).values_list("session_id", flat=True)
    named = Exists(with_place.filter(session=OuterRef("pk")))
    for pk in (
        *wrong.order_by("session_id"),
        *_keys(Session.objects.filter(~named, places_taken__gt=0)),
    ):
        yield f"session {pk}\u00a0: ses places prises ne sont pas ses dossiers"


def wrong_time_lines() -> Iterator[str]:
    """Each step begins where the one before it ended, exists in the table, and the last one is now."""
    last = DossierEvent.objects.filter(dossier=OuterRef("pk")).order_by("-pk")
    ends = Dossier.objects.annotate(last=Subquery(last.values("state_after")[:1]))
    for pk in _keys(ends.exclude(last=F("state"))):
        yield f"dossier {pk}\u00a0: son dernier événement ne mène pas à son état"
    before = Window(Lag("state_after", default=Value("")), partition_by="dossier_id", order_by="pk")
    for pk in _keys(DossierEvent.objects.annotate(left=before).exclude(left=F("state_before"))):
        yield f"événement de dossier {pk}\u00a0: il ne part pas d’où le précédent s’est arrêté"
    steps = {(row.action, row.source, row.target) for row in TABLE} | {("prepare", "", State.DRAFT)}
    for step in DossierEvent.objects.values_list(
        "action", "state_before", "state_after"
    ).distinct():
        if step not in steps:
            yield f"événements de dossier\u00a0: l’étape {' → '.join(step)} n’existe pas"


def wrong_absences() -> Iterator[str]:
    """An absence costs the rights once the days to claim force majeure are over, and not before."""
    established = DossierEvent.objects.filter(action=Action.SETTLE_ABSENCE)
    early = Q(dossier__absence_until=None) | Q(happened_at__date__lte=F("dossier__absence_until"))
    for pk in established.filter(early).order_by("pk").values_list("dossier_id", flat=True):
        yield f"dossier {pk}\u00a0: son absence est établie avant la fin du délai de force majeure"
    unreported = Dossier.objects.filter(fraud_reported_at=None)
    fraud = unreported.filter(events__action=Action.CANCEL_FOR_FRAUD)
    for pk in _keys(fraud):
        yield f"dossier {pk}\u00a0: il est annulé pour une fraude que personne n’a signalée"


def wrong_payments() -> Iterator[str]:
    """A remainder is paid once before the training, and owed back when the request fell."""
    paid = Coalesce(
        Sum(
            F("payments__amount_cents") - F("payments__refund_cents"),
            filter=Q(payments__state=PaymentState.ACCEPTED),
        ),
        0,
    )
    rows = Dossier.objects.annotate(paid=paid)
    unpaid = rows.filter(state__in=PAID, done_percent=None).exclude(paid=F("remainder_cents"))
    for pk in _keys(unpaid):
        yield f"dossier {pk}\u00a0: ce qui est payé par carte n’est pas le reste à payer"
    kept = Payment.objects.accepted().filter(dossier__reservation__state=RELEASED)
    for pk in _keys(kept.exclude(refund_cents=F("amount_cents"))):
        yield f"paiement {pk}\u00a0: il n’est pas rendu alors que les droits le sont"


def wrong_opinions() -> Iterator[str]:
    """An offer and a provider count the opinions that were given of them."""
    for model, path in ((Offer, "offer"), (Provider, "provider")):
        given = Rating.objects.filter(**{f"dossier__{path}": OuterRef("pk")}).order_by()
        totals = given.values(f"dossier__{path}").annotate(
            named=Count("pk"), sum=Sum(sum((F(name) for name in MARKS), start=Value(0)))
        )
        # those that have or should have one: few beside the offers of a country
        known = model.objects.filter(Q(opinions__gt=0) | Exists(given))
        counted = known.annotate(
            named=Coalesce(Subquery(totals.values("named")), 0),
            sum=Coalesce(Subquery(totals.values("sum")), 0),
        )
        for pk in _keys(counted.exclude(opinions=F("named"), marks=F("sum"))):
            yield f"{model._meta.verbose_name} {pk}\u00a0: ses avis ne sont pas ceux qui ont été donnés"


def _keys(rows: QuerySet) -> Iterator[int]:
    return rows.order_by("pk").values_list("pk", flat=True).iterator()


CHECKS = (
    wrong_dossier_reservations,
    wrong_places,
    wrong_time_lines,
    wrong_absences,
    wrong_payments,
    wrong_opinions,
)
