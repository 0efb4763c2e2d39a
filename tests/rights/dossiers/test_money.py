"""What the review promises is what is reserved, and what each end does with it; the price is the one read."""

from datetime import date, timedelta

import pytest

from rights.dossiers import effects, payments, services
from rights.dossiers.exceptions import InvalidDetail, ReviewChanged, StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import (
    Financer,
    MovementKind,
    Payment,
    PaymentState,
    RightsAccount,
)
from rights.services import grant_abondement, refuse_dif
from tests.factories import CertificationFactory, StaffFactory
from tests.rights.dif import declare
from tests.rights.dossiers.steps import (
    NOW,
    PRICE,
    STARTS_ON,
    at_noon,
    bring_to,
    do,
    draft,
    given_for,
    make_session,
    make_user,
    pay,
    send,
)
from tests.rights.ledger import give, give_dif

pytestmark = pytest.mark.django_db
YEAR_2026 = at_noon(date(2026, 5, 4))


def account_of(dossier) -> RightsAccount:
    return RightsAccount.objects.get(titulaire=dossier.titulaire)


def top_up(titulaire, cents, **fields):
    content = {
        "financer": Financer.REGION,
        "financer_name": "Région Bretagne",
        "today": NOW.date(),
        "idempotency_key": "aide",
    }
    return grant_abondement(titulaire=titulaire, amount_cents=cents, **(content | fields))


def test_the_dif_pays_first_then_abondements_then_the_cpf():
    user = make_user(500_00)
    give_dif(user.titulaire, 300_00)
    top_up(user.titulaire, 150_00)
    dossier = draft(user)

    review = services.review(dossier=dossier, at=NOW)
    sent = send(dossier)

    amounts = review.amounts
    assert (amounts.dif_cents, amounts.abondement_cents) == (300_00, 150_00)
    assert (amounts.cpf_cents, amounts.remainder_cents) == (500_00, 100_00)
    assert (sent.dif_cents, sent.abondement_cents, sent.cpf_cents) == (300_00, 150_00, 500_00)
    account = account_of(sent)
    assert (account.available_cents, account.reserved_cents) == (0, 950_00)


def test_the_service_done_is_paid_by_the_rights():
    dossier = bring_to(S.SETTLED)

    account = account_of(dossier)
    assert (account.cpf_cents, account.reserved_cents) == (2_000_00 - PRICE, 0)
    kinds = dossier.reservation.movements.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [MovementKind.RESERVATION, MovementKind.RELEASE, MovementKind.SPEND]


@pytest.mark.parametrize(("percent", "spent", "refund"), [(40, 400_00, 30_00), (0, 0, 50_00)])
def test_what_did_not_take_place_is_given_back(percent, spent, refund):
    dossier = pay(bring_to(S.PAYING), PaymentState.ACCEPTED)
    do(dossier, A.DECLARE_ENTRY, at_noon(STARTS_ON))

    do(
        dossier,
        A.CANCEL_BY_PROVIDER,
        at_noon(STARTS_ON),
        reason="Le centre ferme.",
        done_percent=percent,
    )

    dossier.refresh_from_db()
    assert dossier.state == S.CANCELLED_BY_PROVIDER
    assert dossier.reservation.spent_cents == spent
    assert Payment.objects.get().refund_cents == refund


@pytest.mark.parametrize(
    ("cents", "percent", "spent"),
    [
        (50, 1, 1),
        (50, 3, 2),
        (10, 1, 1),
        (1, 1, 1),
        (1, 0, 0),
        (101, 50, 51),
        (1050_00, 33, 346_50),
    ],
)
def test_a_share_is_to_the_nearest_cent_and_what_took_place_costs_one_at_least(
    cents, percent, spent
):
    assert effects.share(cents, percent) == spent


@pytest.mark.parametrize("price", [900_00, 700_00])
def test_a_dif_refused_meanwhile_is_not_promised_to_a_new_price(price):
    user = make_user(800_00)
    declaration = declare(user.titulaire, hours=20)  # 300 €
    dossier = do(send(draft(user)), A.PROPOSE, price_cents=price)
    refuse_dif(declaration=declaration, author=StaffFactory(), reason="Illisible", today=NOW.date())

    amounts = services.review(dossier=dossier, at=NOW).amounts
    accepted = do(dossier, A.ACCEPT_PROPOSAL, **given_for(dossier, A.ACCEPT_PROPOSAL, NOW))

    assert (amounts.dif_cents, amounts.cpf_cents) == (0, min(price, 800_00))
    assert accepted.state == (S.PAYING if price > 800_00 else S.VALIDATED)
    assert account_of(accepted).dif_cents == 0


def test_a_changed_price_is_shown_and_must_be_confirmed_anew():
    dossier = draft()
    read = services.review(dossier=dossier, at=NOW)
    offer = dossier.offer
    offer.price_cents = 1200_00
    offer.save()

    with pytest.raises(ReviewChanged):
        do(dossier, A.SEND, reviewed=read.digest)

    dossier.refresh_from_db()
    assert (dossier.state, dossier.price_cents) == (S.DRAFT, PRICE)
    assert not RightsAccount.objects.get().reservations.exists()
    again = services.review(dossier=dossier, at=NOW)
    assert [change.label for change in again.changes] == ["Prix"]
    assert do(dossier, A.SEND, reviewed=again.digest).price_cents == 1200_00


def test_rights_that_changed_must_be_confirmed_anew():
    dossier = draft(make_user(500_00))
    read = services.review(dossier=dossier, at=NOW)
    give(dossier.titulaire, 100_00)

    with pytest.raises(ReviewChanged):
        do(dossier, A.SEND, reviewed=read.digest)


def test_an_accepted_price_changes_the_reservation():
    user = make_user(1000_00)
    top_up(user.titulaire, 30_00)
    dossier = send(draft(user))
    dossier = do(dossier, A.PROPOSE, price_cents=800_00, note="Sans l’examen.")

    read = services.review(dossier=dossier, at=NOW)
    dossier = do(dossier, A.ACCEPT_PROPOSAL, reviewed=read.digest)

    assert [change.label for change in read.changes] == ["Prix"]
    assert dossier.state == S.VALIDATED  # nothing remains to be paid
    assert (dossier.abondement_cents, dossier.cpf_cents) == (30_00, 770_00)
    assert account_of(dossier).reserved_cents == 800_00
    assert user.titulaire.rights_account.reservations.count() == 2


def test_accepted_dates_keep_the_reservation():
    dossier = do(send(draft()), A.PROPOSE, **given_for(None, A.PROPOSE, NOW))
    reservation = dossier.reservation

    dossier = do(dossier, A.ACCEPT_PROPOSAL, **given_for(dossier, A.ACCEPT_PROPOSAL, NOW))

    assert dossier.starts_on == STARTS_ON + timedelta(days=7)
    assert (dossier.ends_on, dossier.proposal) == (None, {})
    assert dossier.reservation == reservation


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({}, "starts_on"),
        ({"note": "Rien."}, "starts_on"),
        ({"starts_on": NOW.date()}, "starts_on"),
        ({"ends_on": STARTS_ON - timedelta(days=1)}, "ends_on"),
        ({"price_cents": 0}, "price_cents"),
        ({"price_cents": True}, "price_cents"),
        ({"hours": -1}, "hours"),
        ({"state": "validated"}, "state"),
    ],
)
def test_a_proposal_that_says_nothing_right_is_refused(details, field):
    dossier = bring_to(S.REQUESTED)

    with pytest.raises(InvalidDetail) as refusal:
        do(dossier, A.PROPOSE, **details)

    assert refusal.value.field == field


def test_without_a_provider_of_payments_nothing_may_remain(settings):
    settings.PORTAL_CARD_PAYMENTS = ""
    dossier = draft(make_user(500_00))

    assert services.review(dossier=dossier, at=NOW).obstacles == (payments.NOT_AVAILABLE,)
    with pytest.raises(StepRefused, match="paiement par carte"):
        send(dossier)
    assert send(draft()).state == S.REQUESTED  # the rights of this one pay it all


def test_the_participation_of_2026_remains_to_be_paid():
    session = make_session(starts_on=date(2026, 6, 15), ends_on=None)
    dossier = draft(make_user(), session, YEAR_2026)

    amounts = services.review(dossier=dossier, at=YEAR_2026).amounts

    assert (amounts.remainder_cents, amounts.participation_cents) == (150_00, 150_00)
    assert amounts.cpf_cents == PRICE - 150_00


def test_the_employer_pays_the_participation():
    session = make_session(starts_on=date(2026, 6, 15), ends_on=None)
    user = make_user()
    top_up(user.titulaire, 100_00, financer=Financer.EMPLOYER)

    amounts = services.review(dossier=draft(user, session, YEAR_2026), at=YEAR_2026).amounts

    assert (amounts.remainder_cents, amounts.participation_cents) == (0, 0)


@pytest.mark.parametrize(
    ("certification", "rights"),
    [
        ({"kind": "RS", "code": "RS5550"}, 1500_00),
        ({"kind": "RS", "code": "RS5080", "title": "Certificat CléA"}, 2850_00),
        ({"kind": "CPF", "code": "CPF202"}, 1600_00),
        ({"kind": "CPF", "code": "CPF206"}, 900_00),
        ({"kind": "RNCP"}, 2850_00),
    ],
)
def test_ceilings_of_2026_limit_the_rights(certification, rights):
    session = make_session(
        starts_on=date(2026, 6, 15),
        ends_on=None,
        offer__price_cents=3000_00,
        offer__certification=CertificationFactory(**certification),
    )

    amounts = services.review(
        dossier=draft(make_user(4000_00), session, YEAR_2026), at=YEAR_2026
    ).amounts

    assert amounts.rights_cents == rights
    assert amounts.remainder_cents == 3000_00 - rights
