"""Who may ask for a training, for which one, how often, and what must be proved before rights are spent."""

from datetime import date

import pytest

from accounts.spending import MissingProof, SpendingRefused
from catalogue.models import Session, SessionState
from rights.dossiers import services
from rights.dossiers.exceptions import AlreadyEnrolled, InvalidDetail, StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import ClosingReason, RightsAccount
from rights.services import close_account
from tests.factories import UserFactory
from tests.rights.dossiers.steps import (
    NOW,
    STARTS_ON,
    at_noon,
    do,
    draft,
    make_session,
    make_user,
    send,
    settled_and_rated,
)
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db


def account_of(dossier) -> RightsAccount:
    return RightsAccount.objects.get(titulaire=dossier.titulaire)


def test_five_requests_for_one_offer_at_most():
    user, session = make_user(), make_session()
    for _ in range(5):
        do(send(draft(user, session)), A.CANCEL_REQUEST)

    with pytest.raises(StepRefused, match="5\u00a0demandes"):
        send(draft(user, session))
    assert send(draft(user)).state == S.REQUESTED  # another offer


def test_nobody_is_enrolled_twice_in_a_session():
    user, session = make_user(), make_session()
    first = draft(user, session)
    assert draft(user, session) == first

    send(first)

    with pytest.raises(AlreadyEnrolled) as refusal:
        draft(user, session)
    assert refusal.value.dossier == first


def test_places_are_taken_and_given_back():
    session = make_session(places=1)
    dossier, late = send(draft(session=session)), make_user()
    session.refresh_from_db()
    assert session.is_full

    with pytest.raises(StepRefused, match="plus de place"):
        draft(late, session)
    do(dossier, A.CANCEL_REQUEST)
    session.refresh_from_db()

    assert send(draft(late, session)).state == S.REQUESTED


def test_a_place_that_is_not_there_is_taken_by_no_statement():
    """Asked of the UPDATE itself: whoever comes at once has read the same review, without an obstacle."""
    last, closed = make_session(places=1), make_session(state=SessionState.CLOSED)
    first, second = (Session.objects.take_place(last.pk) for _ in range(2))

    last.refresh_from_db()
    assert (first, second, last.places_taken) == (True, False, 1)
    assert not Session.objects.take_place(closed.pk)


def test_a_place_lost_meanwhile_is_told():
    session = make_session(places=1)
    first, second = draft(session=session), draft(session=session)
    read = services.review(dossier=second, at=NOW)
    send(first)

    with pytest.raises(StepRefused, match="plus de place"):
        do(second, A.SEND, reviewed=read.digest)


@pytest.mark.parametrize("gone", ["session", "suspended", "removed", "closed"])
def test_a_training_that_left_the_catalogue_is_not_asked_for(gone):
    dossier = draft()
    read = services.review(dossier=dossier, at=NOW)
    if gone == "session":
        dossier.session.delete()
    elif gone == "suspended":
        dossier.provider.is_suspended = True
        dossier.provider.save()
    elif gone == "removed":
        dossier.offer.removed_at = NOW
        dossier.offer.save()
    else:
        dossier.session.state = SessionState.CLOSED
        dossier.session.save()

    with pytest.raises(StepRefused, match="n’est plus proposée"):
        do(dossier, A.SEND, reviewed=read.digest)


def test_permanent_entries_ask_for_a_day():
    session = make_session(is_permanent=True, starts_on=None, ends_on=None)
    user, soon = make_user(), date(2021, 3, 12)

    with pytest.raises(InvalidDetail, match="18 mars 2021"):
        services.prepare(user=user, session=session, at=NOW, starts_on=soon)
    dossier = services.prepare(user=user, session=session, at=NOW, starts_on=date(2021, 5, 3))
    do(dossier, A.MODIFY, starts_on=date(2021, 5, 10))

    dossier.refresh_from_db()
    assert dossier.starts_on == date(2021, 5, 10)


def test_nothing_is_sent_without_rights():
    user = make_user(0)

    with pytest.raises(StepRefused, match="ne peuvent rien payer"):
        send(draft(user))
    assert send(draft()).state == S.REQUESTED


def test_a_closed_account_of_rights_pays_nothing():
    dossier = draft()
    close_account(
        account=account_of(dossier), reason=ClosingReason.RETIREMENT, closed_on=NOW.date()
    )

    with pytest.raises(StepRefused, match="fermé"):
        send(dossier)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"email_confirmed_at": None}, MissingProof.EMAIL),
        ({"email_changed_at": NOW}, MissingProof.SETTLING),
        ({"spending_frozen_at": NOW}, MissingProof.FROZEN),
    ],
)
def test_what_spends_asks_for_proofs(fields, missing):
    user = UserFactory(**fields)
    give(user.titulaire, 2_000_00)
    dossier = draft(user)

    with pytest.raises(SpendingRefused) as refusal:
        send(dossier)

    assert refusal.value.missing == missing
    assert account_of(dossier).reserved_cents == 0


def test_somebody_else_has_no_hand_on_a_dossier():
    dossier = draft()
    stranger = services.Actor.titulaire(make_user())

    with pytest.raises(StepRefused, match="pas le vôtre"):
        do(dossier, A.DELETE, who=stranger)
    do(dossier, A.DELETE)


def test_a_rated_training_is_rated_once():
    dossier = settled_and_rated(make_user())

    assert dossier.rating.means == 3
    with pytest.raises(StepRefused, match="déjà donné"):
        do(dossier, A.RATE, at_noon(STARTS_ON), marks={})
