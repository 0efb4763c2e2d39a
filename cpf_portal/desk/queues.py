"""What waits for the support and since when, and what happened today: few queries on small indexes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, DateTimeField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.emails import BACK_OFF
from accounts.models import AccountEvent, EventKind, NirRelease, OutgoingMail, SupportRequest, User
from accounts.models.support import CONTACT_KINDS, SupportKind
from accounts.services import pending_takeovers
from catalogue.models import ImportReport
from catalogue.models.imports import ImportState
from rights.dossiers import deadlines
from rights.dossiers.states import State
from rights.models import CorrectionProposal, DifDeclaration, Dossier, Parameter, RegisterImport

RECENT = timedelta(days=7)  # an import of last month is no work of today
OPEN_STATES = "received,in_review"


@dataclass(frozen=True, slots=True)
class Queue:
    """One pile of work: what it is, who may see it, its rows and since when each waits."""

    name: str
    title: str
    permission: str
    route: str
    filters: dict[str, str]
    rows: Callable[[datetime], QuerySet]
    since: str

    @property
    def url(self) -> str:
        address = reverse(f"admin:{self.route}")
        return f"{address}?{urlencode(self.filters)}" if self.filters else address


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue as the desk shows it."""

    queue: Queue
    number: int
    oldest: datetime | None

    @property
    def days(self) -> int:
        return (timezone.now() - self.oldest).days if self.oldest else 0


def _requests(*kinds: SupportKind) -> Callable[[datetime], QuerySet]:
    return lambda now: SupportRequest.objects.open().filter(kind__in=kinds)


def _support(name: str, title: str, *kinds: SupportKind) -> Queue:
    return Queue(
        name,
        title,
        "accounts.view_supportrequest",
        "accounts_supportrequest_changelist",
        {"state__in": OPEN_STATES, "kind__in": ",".join(kinds)},
        _requests(*kinds),
        "created_at",
    )


def _failed_mails(now: datetime) -> QuerySet:
    return OutgoingMail.objects.pending().filter(attempts__gte=len(BACK_OFF))


def _late(now: datetime) -> QuerySet:
    return Dossier.objects.overdue(timezone.localdate(now)).filter(state=State.REQUESTED)


def _claims(now: datetime) -> QuerySet:
    return Dossier.objects.running().exclude(force_majeure_claimed_at=None)


def _frauds(now: datetime) -> QuerySet:
    return Dossier.objects.running().exclude(fraud_reported_at=None)


def _undeclared(now: datetime) -> QuerySet:
    """Each waits since what was to be declared happened."""
    today = timezone.localdate(now)
    latest = deadlines.undeclared_since(today, Parameter.objects.figures(today))
    happened_on = Case(
        When(state=State.VALIDATED, then="starts_on"),
        When(state=State.IN_TRAINING, then="ends_on"),
        default="ended_on",
    )
    return Dossier.objects.undeclared(latest).annotate(happened_on=happened_on)


def _dossiers(name: str, title: str, todo: str, rows: Callable, since: str) -> Queue:
    return Queue(
        name, title, "rights.change_dossier", "rights_dossier_changelist", {"a_faire": todo}, rows,
        since,
    )  # fmt: skip


def _catalogue_imports(now: datetime) -> QuerySet:
    bad = Q(state=ImportState.REFUSED) | Q(refused_count__gt=0)
    return ImportReport.objects.filter(bad, created_at__gte=now - RECENT)


def _register_imports(now: datetime) -> QuerySet:
    return RegisterImport.objects.filter(bad_lines__gt=0, started_at__gte=now - RECENT)


QUEUES = (
    Queue(
        "dif", "Justificatifs de DIF à examiner", "rights.view_difdeclaration",
        "rights_difdeclaration_changelist", {"state__exact": "to_examine"},
        lambda now: DifDeclaration.objects.to_examine(), "submitted_at",
    ),
    _support("nir", "Numéros revendiqués", SupportKind.NIR_TAKEN),
    Queue(
        "releases", "Retraits de numéro à confirmer", "accounts.release_nir",
        "desk_releases", {}, lambda now: NirRelease.objects.pending(), "proposed_at",
    ),
    _support("email", "Adresses de courriel perdues", SupportKind.LOST_EMAIL),
    _support("not_me", "«\u00a0Ce n’est pas moi\u00a0»", SupportKind.NOT_ME),
    _support("account", "Comptes bloqués, états civils", SupportKind.BLOCKED, SupportKind.CIVIL_STATUS),
    _support("contact", "Messages de contact", *CONTACT_KINDS),
    Queue(
        "frozen", "Comptes dont l’usage des droits est suspendu", "accounts.view_user",
        "accounts_user_changelist", {"droits": "suspendu"},
        lambda now: User.objects.filter(spending_frozen_at__isnull=False), "spending_frozen_at",
    ),
    Queue(
        "takeovers", "Comptes repris ou retirés, à revoir", "accounts.view_takeover",
        "accounts_takeover_changelist", {"vue": "non"},
        lambda now: pending_takeovers(), "happened_at",
    ),
    Queue(
        "mails", "Courriels qui ne partent pas", "accounts.view_outgoingmail",
        "accounts_outgoingmail_changelist", {"envoi": "echec"}, _failed_mails, "created_at",
    ),
    Queue(
        "corrections", "Corrections et abondements à valider", "rights.view_correctionproposal",
        "rights_correctionproposal_changelist", {"state__exact": "pending"},
        lambda now: CorrectionProposal.objects.pending(), "proposed_at",
    ),
    Queue(
        "late", "Dossiers sans réponse de l’organisme, délai dépassé", "rights.view_dossier",
        "rights_dossier_changelist", {"a_faire": "retard", "state__exact": "requested"},
        _late, "requested_at",
    ),
    _dossiers(
        "claims", "Cas de force majeure à examiner", "majeure", _claims, "force_majeure_claimed_at"
    ),
    _dossiers("frauds", "Fraudes signalées", "fraude", _frauds, "fraud_reported_at"),
    _dossiers(
        "undeclared", "Déclarations de l’organisme en retard", "declarer", _undeclared, "happened_on"
    ),
    Queue(
        "catalogue", "Imports du catalogue avec erreurs (7 jours)", "catalogue.view_importreport",
        "catalogue_importreport_changelist", {}, _catalogue_imports, "created_at",
    ),
    Queue(
        "registers", "Imports de droits avec erreurs (7 jours)", "rights.view_registerimport",
        "rights_registerimport_changelist", {}, _register_imports, "started_at",
    ),
)  # fmt: skip


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """Return the queues that `user` may see, the empty ones last.

    One query, and one more for the delay of the declarations to who acts for the providers.
    """
    seen = [queue for queue in QUEUES if user.has_perm(queue.permission)]
    if not seen:
        return []
    parts = [_counted(queue, now) for queue in seen]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    counted = {row["queue"]: row for row in rows}
    found = [Waiting(q, counted[q.name]["number"], counted[q.name]["oldest"]) for q in seen]
    return sorted(found, key=lambda waiting: waiting.number == 0)


def _counted(queue: Queue, now: datetime) -> QuerySet:
    rows = queue.rows(now).order_by().annotate(queue=Value(queue.name)).values("queue")
    oldest = Cast(Min(queue.since), DateTimeField())
    return rows.annotate(number=Count("pk"), oldest=oldest)


@dataclass(frozen=True, slots=True)
class Figure:
    title: str
    number: int


def figures_of_the_day(now: datetime) -> list[Figure]:
    """Return what happened since midnight in Paris. One query, of the rows of the day only."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = AccountEvent.objects.filter(happened_at__gte=midnight).order_by()
    mails = OutgoingMail.objects.order_by()
    counts: dict[str, QuerySet] = {
        "Inscriptions": today.filter(
            kind__in=(EventKind.SIGNED_UP, EventKind.FRANCECONNECT_CREATED)
        ),
        "Adresses confirmées": today.filter(kind=EventKind.EMAIL_CONFIRMED),
        "Connexions": today.filter(kind=EventKind.SIGNED_IN, user__is_staff=False),
        "Dossiers envoyés": Dossier.objects.order_by().filter(requested_at__gte=midnight),
        "Courriels envoyés": mails.filter(sent_at__gte=midnight),
        "Courriels en attente": mails.filter(sent_at=None, attempts__lt=len(BACK_OFF)),
    }
    first, *others = (
        rows.annotate(figure=Value(title)).values("figure").annotate(number=Count("pk"))
        for title, rows in counts.items()
    )
    numbers = {row["figure"]: row["number"] for row in first.union(*others, all=True)}
    return [Figure(title, numbers[title]) for title in counts]
