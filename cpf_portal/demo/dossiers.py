"""Dossiers of the demonstration, each brought to its state by the steps that lead there.

Camille's hold no right, so that her total stays that of the page /demo/; Alix's do.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from catalogue.models import Session, SessionState
from cpf_portal.demo import catalogue, people
from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.states import Action, State
from rights.models import Dossier, PaymentState

DEMONSTRATION_PROVIDER = Actor.provider(name="démonstration")
LOWEST_CENTS, HIGHEST_CENTS = 300_00, 900_00
NEAREST, FARTHEST = timedelta(days=35), timedelta(days=200)
LONG_BEFORE = timedelta(days=35)  # when somebody asks for a training that is over by now
ASKED_FOR = 5  # sessions to come that these dossiers name
FEWEST_DAYS_AGO = timedelta(days=14)


def are_loaded() -> bool:
    return Dossier.objects.filter(user__is_demonstration=True).exists()


@transaction.atomic
def load(now: datetime) -> int:
    """Write the dossiers as they stand at `now`, and return how many; the catalogue and the people are there.

    None where the catalogue has too few sessions. No mail leaves for them: they are of before the visitor.
    """
    camille, alix = (_account(person) for person in (people.CAMILLE, people.ALIX))
    today = timezone.localdate(now)
    free, past = _sessions_to_come(today), _sessions_past(today)
    if len(free) < ASKED_FOR or not past:
        return 0
    _draft(camille, free.pop(), now)
    _refused(camille, free.pop(), now)
    _cancelled(camille, free.pop(), now)
    _proposed(alix, free.pop(), now)
    _validated(alix, free.pop(), now)
    _settled(alix, past.pop())
    mails = OutgoingMail.objects.filter(user__in=(camille, alix), kind=MailKind.DOSSIER)
    mails.delete()
    return Dossier.objects.filter(user__in=(camille, alix)).count()


def _account(person: people.Person) -> User:
    return User.objects.get(email=person.email, is_demonstration=True)


def _sessions_to_come(today: date) -> list[Session]:
    found = _payable(catalogue.demonstration_sessions()).filter(
        starts_on__range=(today + NEAREST, today + FARTHEST)
    )
    return _one_an_offer(found)


def _sessions_past(today: date) -> list[Session]:
    found = _payable(catalogue.demonstration_sessions())
    return _one_an_offer(found.filter(ends_on__lt=today - FEWEST_DAYS_AGO))


def _payable(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.filter(
        state=SessionState.OPEN,
        is_permanent=False,
        ends_on__isnull=False,
        offer__price_cents__range=(LOWEST_CENTS, HIGHEST_CENTS),
    ).select_related("offer__provider", "offer__certification", "offer__commune")


def _one_an_offer(found: QuerySet[Session]) -> list[Session]:
    """Return a few sessions of different providers, always the same ones for the same catalogue."""
    by_provider = {
        session.offer.provider_id: session for session in found.order_by("-offer_id")[:200]
    }
    return list(by_provider.values())


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _draft(user: User, session: Session, at: datetime) -> Dossier:
    return services.prepare(user=user, session=session, at=at)


def _sent(user: User, session: Session, at: datetime) -> Dossier:
    dossier = _draft(user, session, at)
    reviewed = services.review(dossier=dossier, at=at).digest
    return _hers(dossier, Action.SEND, at, reviewed=reviewed)


def _refused(user: User, session: Session, at: datetime) -> Dossier:
    reason = "Le groupe est complet\u00a0: d’autres dates seront publiées au printemps."
    return _theirs(_sent(user, session, at), Action.REFUSE, at, reason=reason)


def _cancelled(user: User, session: Session, at: datetime) -> Dossier:
    return _hers(_sent(user, session, at), Action.CANCEL_REQUEST, at)


def _proposed(user: User, session: Session, at: datetime) -> Dossier:
    dossier = _sent(user, session, at)
    week = timedelta(days=7)
    return _theirs(
        dossier, Action.PROPOSE, at, starts_on=dossier.starts_on + week,
        ends_on=dossier.ends_on + week, note="La salle n’est libre qu’une semaine plus tard.",
    )  # fmt: skip


def _validated(user: User, session: Session, at: datetime) -> Dossier:
    dossier = _theirs(_sent(user, session, at), Action.ACCEPT, at)
    dossier = _hers(dossier, Action.CONFIRM, at)
    return _paid(dossier, at) if dossier.state == State.PAYING else dossier


def _settled(user: User, session: Session) -> Dossier:
    dossier = _validated(user, session, _noon(session.starts_on - LONG_BEFORE))
    dossier = _theirs(dossier, Action.DECLARE_ENTRY, _noon(dossier.starts_on))
    dossier = _theirs(dossier, Action.DECLARE_END, _noon(dossier.ends_on))
    return _theirs(dossier, Action.DECLARE_SERVICE, _noon(dossier.ends_on + timedelta(days=1)))


def _paid(dossier: Dossier, at: datetime) -> Dossier:
    dossier = _hers(dossier, Action.PAY, at)
    payment = dossier.payments.started().get()
    services.notify_payment(
        reference=payment.reference,
        outcome=PaymentState.ACCEPTED,
        amount_cents=payment.amount_cents,
        at=at,
    )
    dossier.refresh_from_db()
    return dossier


def _hers(dossier: Dossier, action: Action, at: datetime, **given) -> Dossier:
    return _step(dossier, action, Actor.titulaire(dossier.user), at, given)


def _theirs(dossier: Dossier, action: Action, at: datetime, **given) -> Dossier:
    return _step(dossier, action, DEMONSTRATION_PROVIDER, at, given)


def _step(dossier: Dossier, action: Action, actor: Actor, at: datetime, given: dict) -> Dossier:
    return services.perform(dossier=dossier, action=action, actor=actor, at=at, **given)
