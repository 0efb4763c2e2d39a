"""From a session to a dossier: what is read, kept, sent, and what is refused on the way."""

from datetime import date, timedelta

import pytest

from rights.dossiers.states import Action, State
from rights.models import Dossier, Reservation
from rights.services import grant_abondement
from tests.factories import OfferFactory, StaffFactory
from tests.rights.dossiers.pages import enrol_at, give_password, hidden, page_of, sign_in, step_of
from tests.rights.dossiers.steps import NOW, PRICE, draft, make_session, make_user, send
from tests.rights.ledger import give_dif
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def user(client):
    user = make_user()
    sign_in(client, user)
    return user


def test_offer_page_leads_to_each_open_session(client):
    session = make_session()
    closed = make_session(offer=session.offer, state="closed")

    page = client.get(session.offer.get_absolute_url()).content.decode()

    assert enrol_at(session) in page
    assert enrol_at(closed) not in page


def test_visitor_signs_in_and_comes_back(client):
    address = enrol_at(make_session())

    assert client.get(address)["Location"] == f"/connexion/?next={address}"


def test_staff_read_that_it_is_not_for_them(client):
    client.force_login(StaffFactory())

    assert "membre de l’assistance" in text_of(client.get(enrol_at(make_session())))


def test_review_says_who_pays_and_by_which_day(client):
    user = make_user(500_00)
    give_dif(user.titulaire, 300_00)
    sign_in(client, user)

    page = text_of(client.get(enrol_at(make_session())))

    assert "Compte personnel de formation (CPF) 500,00\u00a0€" in page
    assert "Droit individuel à la formation (DIF) 300,00\u00a0€" in page
    assert (
        "Reste à payer par carte participation forfaitaire\u00a0: 0,00\u00a0€ 250,00\u00a0€" in page
    )
    assert "Prix de la formation, toutes taxes comprises 1050,00\u00a0€" in page
    # Wednesday 3 March 2021: 2 then 4 working days
    assert "au plus tard le 5 mars 2021 ." in page.replace("</strong>", "")
    assert "au plus tard le 11 mars 2021 ." in page
    assert (
        "vous perdez tout\u00a0: 800,00\u00a0€ de droits et 250,00\u00a0€ payés par carte" in page
    )


def test_review_of_a_near_start_names_the_day_from_which_money_may_be_lost(client):
    """Answers at the last moment leave days to withdraw; quick ones do not, and both are told."""
    sign_in(client, make_user(2_000_00))

    page = text_of(client.get(enrol_at(make_session(starts_on=date(2021, 3, 29), ends_on=None))))

    assert "Après le 17 mars 2021, dernier jour pour annuler sans frais, et une fois passés" in page
    assert "vos 14\u00a0jours ouvrés de rétractation (le 28 mars 2021 au plus tard)" in page
    assert "dans les 14\u00a0jours ouvrés qui suivent votre validation" in page
    assert "dans les 4\u00a0jours ouvrés qui suivent sa réponse, au plus tard le" in page


def test_reading_writes_nothing(client, user):
    client.get(enrol_at(make_session()))

    assert not Dossier.objects.exists()


def test_kept_dossier_waits_and_reserves_nothing(client, user):
    session = make_session()

    response = client.post(enrol_at(session), {"action": "keep"})

    dossier = Dossier.objects.get()
    assert response["Location"] == page_of(dossier)
    assert dossier.state == State.DRAFT
    assert not Reservation.objects.exists()


def test_request_is_sent_and_reserves_what_was_read(client, user):
    session = make_session()
    digest = hidden(client.get(enrol_at(session)), "reviewed")

    response = client.post(enrol_at(session), {"action": "send", "reviewed": digest}, follow=True)

    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.reservation.amount_cents) == (State.REQUESTED, PRICE)
    assert "Votre demande d’inscription est envoyée." in text_of(response)
    assert "L’organisme répond au plus tard le 5 mars 2021" in text_of(response)


def test_request_sent_twice_counts_once(client, user):
    session = make_session()
    digest = hidden(client.get(enrol_at(session)), "reviewed")

    answers = [
        client.post(enrol_at(session), {"action": "send", "reviewed": digest}) for _ in range(2)
    ]

    dossier = Dossier.objects.get()
    assert [answer["Location"] for answer in answers] == [page_of(dossier)] * 2
    assert Reservation.objects.count() == 1


def test_session_with_a_dossier_leads_to_it(client, user):
    session = make_session()
    dossier = draft(user, session)

    assert client.get(enrol_at(session))["Location"] == page_of(dossier)


def test_changed_price_is_shown_and_asked_anew(client, user):
    session = make_session()
    digest = hidden(client.get(enrol_at(session)), "reviewed")
    session.offer.price_cents = PRICE + 50_00
    session.offer.save()

    response = client.post(enrol_at(session), {"action": "send", "reviewed": digest})

    dossier = Dossier.objects.get()
    assert response.status_code == 409
    assert "ont changé depuis que vous avez lu ce récapitulatif" in text_of(response)
    assert "1100,00\u00a0€" in text_of(response)
    assert dossier.state == State.DRAFT
    again = client.post(step_of(dossier, Action.SEND), {"reviewed": hidden(response, "reviewed")})
    assert again["Location"] == page_of(dossier)
    assert Dossier.objects.get().reservation.amount_cents == PRICE + 50_00


def test_price_changed_since_the_draft_is_told(client, user):
    session = make_session()
    dossier = draft(user, session)
    session.offer.price_cents = PRICE + 50_00
    session.offer.save()

    page = text_of(client.get(step_of(dossier, Action.SEND)))

    assert "Prix\u00a0: 1100,00\u00a0€ au lieu de 1050,00\u00a0€" in page


def test_old_password_keeps_the_draft_and_asks_for_it_again(client, user):
    session = make_session()
    digest = hidden(client.get(enrol_at(session)), "reviewed")
    give_password(client, ago=601)

    response = client.post(enrol_at(session), {"action": "send", "reviewed": digest})

    dossier = Dossier.objects.get()
    assert dossier.state == State.DRAFT
    assert response["Location"].startswith("/mon-compte/verification/?next=%2Fmes-dossiers%2F")
    give_password(client)
    assert client.get(step_of(dossier, Action.SEND)).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email_confirmed_at": None}, "Confirmez d’abord votre adresse"),
        ({"email_changed_at": NOW - timedelta(hours=71)}, "à partir du 3 mars 2021 à 11:00"),
        ({"spending_frozen_at": NOW}, "L’usage de vos droits est suspendu"),
    ],
)
def test_what_must_be_proved_first_is_said(client, user, fields, words):
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    session = make_session()
    digest = hidden(client.get(enrol_at(session)), "reviewed")

    response = client.post(enrol_at(session), {"action": "send", "reviewed": digest})

    assert response.status_code == 403
    assert words in text_of(response)
    assert Dossier.objects.get().state == State.DRAFT


def test_identity_is_asked_where_the_operator_wants_it(client, user, settings):
    settings.PORTAL_SPENDING_REQUIRES = "identity"
    dossier = draft(user)
    digest = hidden(client.get(step_of(dossier, Action.SEND)), "reviewed")

    response = client.post(step_of(dossier, Action.SEND), {"reviewed": digest})

    assert response.status_code == 403
    assert "Prouvez d’abord votre identité" in text_of(response)


def test_obstacle_is_said_and_leaves_no_button(client, user):
    response = client.get(enrol_at(make_session(starts_on=date(2021, 3, 17), ends_on=None)))

    assert "au plus tôt le 18 mars 2021" in text_of(response)
    assert 'value="send"' not in response.content.decode()


def test_full_session_is_not_offered(client, user):
    session = make_session(places=1, places_taken=1)

    assert client.get(enrol_at(session)).status_code == 409
    assert enrol_at(session) not in client.get(session.offer.get_absolute_url()).content.decode()


def test_remainder_without_card_payments_is_an_obstacle(client, settings):
    settings.PORTAL_CARD_PAYMENTS = ""
    sign_in(client, make_user(1000_00))

    page = text_of(client.get(enrol_at(make_session())))

    assert "Le paiement par carte n’est pas disponible" in page


def test_gone_session_is_explained(client, user):
    response = client.get("/mes-dossiers/nouveau/987654321/")

    assert response.status_code == 409
    assert "n’est plus proposée" in text_of(response)


def permanent_session(**fields):
    return make_session(is_permanent=True, starts_on=None, ends_on=None, **fields)


def test_permanent_entries_ask_for_a_day_first(client, user):
    session = permanent_session()

    response = client.get(enrol_at(session))

    assert "Quand voulez-vous commencer" in text_of(response)
    assert 'min="2021-03-18"' in response.content.decode()


@pytest.mark.parametrize(
    ("day", "status", "words"),
    [
        ("2021-03-18", 200, "Début 18 mars 2021"),
        ("18/03/2021", 200, "Début 18 mars 2021"),
        ("2021-03-17", 422, "Choisissez le 18 mars 2021 ou un jour suivant."),
        ("demain", 422, "Écrivez la date comme 31/12/2026"),
        ("", 422, "Choisissez le jour où vous voulez commencer."),
    ],
)
def test_day_of_a_permanent_entry_is_checked(client, user, day, status, words):
    response = client.get(enrol_at(permanent_session()), {"starts_on": day})

    assert response.status_code == status
    assert words in text_of(response)


def test_permanent_entry_is_asked_for_the_chosen_day(client, user):
    session = permanent_session()
    asked = client.get(enrol_at(session), {"starts_on": "2021-03-22"})

    client.post(
        enrol_at(session),
        {"action": "send", "reviewed": hidden(asked, "reviewed"), "starts_on": "2021-03-22"},
    )

    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.starts_on) == (State.REQUESTED, date(2021, 3, 22))


def test_sixth_request_for_an_offer_is_refused(client, user):
    offer = OfferFactory(price_cents=100_00)
    for _ in range(5):
        send(draft(user, make_session(offer=offer)))

    page = text_of(client.get(enrol_at(make_session(offer=offer))))

    assert "Vous avez déjà fait 5\u00a0demandes" in page


def test_abondement_is_in_the_review(client, user):
    grant_abondement(
        titulaire=user.titulaire, financer="employer", financer_name="Imprimerie du Pont",
        amount_cents=300_00, today=NOW.date(), idempotency_key="a",
    )  # fmt: skip

    assert "Abondements 300,00\u00a0€" in text_of(client.get(enrol_at(make_session())))
