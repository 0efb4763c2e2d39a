"""Mes dossiers, one dossier and its steps: what is shown, done, refused, and hidden from others."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.states import Action, ActorKind, State
from rights.models import Dossier, PaymentState, Rating, RightsAccount
from rights.views.dossiers.steps import PAGES, STEPS
from rights.views.dossiers.wording import EVENTS
from tests.factories import OfferFactory, StaffFactory
from tests.rights.dossiers.pages import LIST, hidden, page_of, sign_in, step_of, take
from tests.rights.dossiers.steps import (
    MARKS,
    NOW,
    PRICE,
    STARTS_ON,
    at_noon,
    bring_to,
    do,
    draft,
    make_session,
    make_user,
    pay,
    send,
)
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db
VERBS = ("get", "post", "head", "put", "patch", "delete", "options")
LATE = datetime(2021, 4, 20, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW)
    return time_machine


@pytest.fixture
def signed(client):
    """Bring a dossier to a state, with its person signed in."""

    def bring(state: State, **kwargs) -> Dossier:
        dossier = bring_to(state, **kwargs)
        sign_in(client, dossier.user)
        return dossier

    return bring


def available(dossier: Dossier) -> int:
    return RightsAccount.objects.get(titulaire=dossier.titulaire).available_cents


# --- the tables of the pages follow the table of the steps


def test_every_step_of_the_titulaire_has_its_page():
    rows = services.transitions.TABLE
    assert set(STEPS) == {row.action for row in rows if row.who == ActorKind.TITULAIRE}
    assert len({page.slug for page in PAGES}) == len(PAGES)


def test_every_step_has_its_line_in_the_time_line():
    assert set(EVENTS) >= {row.action for row in services.transitions.TABLE} - {Action.DELETE}


def test_steps_that_bind_to_a_review_show_it():
    rows = services.transitions.TABLE
    reviewed = {row.action for row in rows if "reviewed" in row.details}
    assert {page.action for page in PAGES if page.is_reviewed} == reviewed


# --- the list


def test_list_without_dossier(client):
    sign_in(client, make_user())

    page = text_of(client.get(LIST))

    assert "Dossiers en cours Vous n’avez aucun dossier en cours." in page
    assert "Dossiers clos Vous n’avez aucun dossier clos." in page


def test_list_says_label_next_date_and_next_step(client, signed):
    dossier = signed(State.TO_VALIDATE)
    do(draft(dossier.user, make_session(offer__title="Soudure")), Action.DELETE)
    closed = do(
        send(draft(dossier.user, make_session(offer__title="Anglais"))), Action.CANCEL_REQUEST
    )

    page = text_of(client.get(LIST))

    assert f"{dossier.provider_name} À valider 9 mars 2021 Valider votre inscription" in page
    assert f"{closed.provider_name} Demande d’inscription annulée 3 mars 2021" in page
    assert "Vos droits vous sont revenus" in page
    assert "Soudure" not in page


@pytest.mark.parametrize(("drafts", "closed"), [(1, 1), (12, 3)])
def test_list_costs_the_same_statements(client, drafts, closed, django_assert_num_queries):
    user, offer = make_user(), OfferFactory(price_cents=100_00)
    for _ in range(drafts):
        draft(user, make_session(offer=offer))
    for _ in range(closed):
        do(send(draft(user, make_session(offer=offer))), Action.CANCEL_REQUEST)
    sign_in(client, user)
    client.get(LIST)

    # session, user, what is overdue, then the count and the page of each list
    with django_assert_num_queries(7):
        client.get(LIST)


def test_two_lists_turn_their_pages_apart(client):
    user, offer = make_user(), OfferFactory(price_cents=100_00)
    for _ in range(12):
        draft(user, make_session(offer=offer))
    do(send(draft(user, make_session(offer=offer))), Action.CANCEL_REQUEST)
    sign_in(client, user)

    first, second = (client.get(LIST, {"en-cours": page}) for page in (1, 2))

    assert first.content.decode().count("En cours de création</span>") == 10
    assert second.content.decode().count("En cours de création</span>") == 2
    assert "Demande d’inscription annulée" in text_of(second)


def test_late_answer_falls_when_the_list_is_read(client, signed, clock):
    dossier = signed(State.REQUESTED)
    clock.move_to(at_noon(date(2021, 3, 6)))
    sign_in(client, dossier.user)

    assert "Demande d’inscription annulée" in text_of(client.get(LIST))
    assert available(dossier) == 2_000_00


def test_frozen_person_reads_why_and_the_way_out(client, signed):
    dossier = signed(State.REQUESTED)
    dossier.user.spending_frozen_at = NOW
    dossier.user.save()

    for path in (LIST, page_of(dossier), "/mes-droits/"):
        page = client.get(path)
        assert "Le 3 mars 2021, le lien «\u00a0Ce n’est pas moi\u00a0»" in text_of(page)
        assert "/assistance/demande/" in page.content.decode()


# --- one dossier


def test_dossier_shows_its_story(client, signed):
    dossier = signed(State.VALIDATED)

    page = text_of(client.get(page_of(dossier)))

    assert "Votre place est prise. La formation commence le 26 avril 2021." in page
    assert "Vous rétracter 23 mars 2021" in page
    assert "Annuler sans frais 14 avril 2021" in page
    assert dossier.provider.siret in page
    for line in ("Dossier créé", "Demande d’inscription envoyée", "Demande acceptée"):
        assert line in page


@pytest.mark.parametrize("state", State)
def test_each_step_opens_or_says_why_not(client, signed, state):
    """A page of another state, opened from an old tab, has no effect and says so."""
    dossier = signed(state)
    allowed = services.actions_allowed(dossier, Actor.titulaire(dossier.user), timezone.now())
    shown = client.get(page_of(dossier)).content.decode()

    assert {page.action for page in PAGES if step_of(dossier, page.action) in shown} == set(allowed)
    for page in PAGES:
        path = step_of(dossier, page.action)
        if page.action in allowed:
            assert client.get(path).status_code == 200, page.slug
        else:
            response = client.post(path, {"reviewed": "x"})
            assert response.status_code == 409, page.slug
            assert "Rien n’a changé" in response.content.decode()

    assert Dossier.objects.get().state == state


def test_dossier_costs_the_same_statements_however_long(client, signed, django_assert_num_queries):
    dossier = signed(State.PAYMENT_REFUSED)
    client.get(page_of(dossier))

    # session, user, dossier, payments, events
    with django_assert_num_queries(5):
        client.get(page_of(dossier))


def test_dossier_of_somebody_else_does_not_exist(client, signed):
    dossier = bring_to(State.PAYMENT_REFUSED)
    paths = [
        page_of(dossier),
        f"{page_of(dossier)}paiement/",
        f"{page_of(dossier)}paiement/retour/",
        *(step_of(dossier, page.action) for page in PAGES),
    ]
    sign_in(client, make_user())

    statuses = {getattr(client, verb)(path).status_code for path in paths for verb in VERBS}

    assert statuses == {404}
    sign_in(client, dossier.user)
    assert client.get(page_of(dossier)).status_code == 200


def test_dossier_is_closed_to_the_staff_and_to_visitors(client):
    dossier = bring_to(State.REQUESTED)

    assert client.get(page_of(dossier))["Location"] == f"/connexion/?next={page_of(dossier)}"
    client.force_login(StaffFactory())
    assert client.get(page_of(dossier)).status_code == 404


def test_dossier_is_read_by_get_only(client, signed):
    dossier = signed(State.REQUESTED)

    assert client.post(page_of(dossier)).status_code == 405
    assert client.put(step_of(dossier, Action.CANCEL_REQUEST)).status_code == 405
    assert Dossier.objects.get().state == State.REQUESTED


# --- steps


def test_draft_is_moved_to_another_session(client, signed):
    dossier = signed(State.DRAFT)
    other = make_session(
        offer=dossier.offer, starts_on=STARTS_ON + timedelta(days=14), ends_on=None
    )

    response = take(client, dossier, Action.MODIFY, session=other.pk)

    assert response["Location"] == page_of(dossier)
    assert Dossier.objects.get().starts_on == other.starts_on


@pytest.mark.parametrize("session", ["", "0", "abc"])
def test_modification_without_a_session_is_asked_again(client, signed, session):
    dossier = signed(State.DRAFT)

    response = client.post(step_of(dossier, Action.MODIFY), {"session": session})

    assert response.status_code == 422
    assert "ession" in text_of(response)


def test_draft_is_deleted_once(client, signed):
    dossier = signed(State.DRAFT)

    assert take(client, dossier, Action.DELETE)["Location"] == LIST
    assert client.post(step_of(dossier, Action.DELETE)).status_code == 404
    assert not Dossier.objects.exists()


def test_request_is_cancelled_for_nothing(client, signed):
    dossier = signed(State.REQUESTED)
    page = text_of(client.get(step_of(dossier, Action.CANCEL_REQUEST)))
    assert "Vos droits vous reviennent tout de suite\u00a0: 1050,00\u00a0€." in page

    take(client, dossier, Action.CANCEL_REQUEST)

    assert Dossier.objects.get().state == State.REQUEST_CANCELLED
    assert available(dossier) == 2_000_00


def test_step_taken_twice_has_one_effect(client, signed):
    dossier = signed(State.REQUESTED)

    answers = [client.post(step_of(dossier, Action.CANCEL_REQUEST)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert "«\u00a0Demande d’inscription annulée\u00a0»" in text_of(answers[1])
    assert available(dossier) == 2_000_00


def test_acceptance_is_confirmed_with_its_dates(client, signed):
    dossier = signed(State.TO_VALIDATE)
    page = text_of(client.get(step_of(dossier, Action.CONFIRM)))
    assert "Vous pourrez vous rétracter jusqu’au 23 mars 2021" in page
    assert "Vous pourrez annuler sans frais jusqu’au 14 avril 2021" in page
    assert "vous perdez 1050,00\u00a0€ de droits" in page

    take(client, dossier, Action.CONFIRM)

    assert Dossier.objects.get().state == State.VALIDATED


def test_proposal_is_shown_and_accepted(client, signed):
    dossier = signed(State.PROPOSED)
    page = text_of(client.get(page_of(dossier)))
    assert "Début\u00a0: 3 mai 2021 au lieu de 26 avril 2021" in page

    take(client, dossier, Action.ACCEPT_PROPOSAL)

    dossier.refresh_from_db()
    assert (dossier.state, dossier.starts_on) == (State.VALIDATED, date(2021, 5, 3))


def test_proposal_is_refused(client, signed):
    dossier = signed(State.PROPOSED)

    take(client, dossier, Action.REFUSE_PROPOSAL)

    assert Dossier.objects.get().state == State.REQUEST_CANCELLED
    assert available(dossier) == 2_000_00


def test_proposal_accepted_without_being_read_is_shown_first(client, signed):
    dossier = signed(State.PROPOSED)

    response = client.post(step_of(dossier, Action.ACCEPT_PROPOSAL))

    assert "Lisez ce récapitulatif" in text_of(response)
    assert Dossier.objects.get().state == State.PROPOSED


def test_early_cancellation_loses_nothing(client, signed):
    dossier = signed(State.VALIDATED)
    page = client.get(page_of(dossier)).content.decode()
    assert step_of(dossier, Action.CANCEL_LATE) not in page

    take(client, dossier, Action.CANCEL)

    assert "Votre inscription est annulée\u00a0: vos droits vous sont revenus." in text_of(
        client.get(page_of(dossier))
    )
    assert available(dossier) == 2_000_00


def test_late_cancellation_says_what_is_lost(client, signed, clock):
    dossier = signed(State.VALIDATED)
    clock.move_to(LATE)
    sign_in(client, dossier.user)
    page = text_of(client.get(step_of(dossier, Action.CANCEL_LATE)))
    assert "Vous perdez les droits engagés\u00a0: 1050,00\u00a0€." in page
    assert "L’annulation sans frais était possible jusqu’au 14 avril 2021." in page

    take(client, dossier, Action.CANCEL_LATE)

    assert available(dossier) == 2_000_00 - PRICE
    assert "1050,00\u00a0€ de droits perdus" in text_of(client.get(page_of(dossier)))


def test_tab_opened_in_time_does_not_cancel_late(client, signed, clock):
    dossier = signed(State.VALIDATED)
    clock.move_to(LATE)
    sign_in(client, dossier.user)

    response = client.post(step_of(dossier, Action.CANCEL))

    assert response.status_code == 409
    assert "possible jusqu’au 14 avril 2021" in text_of(response)
    assert Dossier.objects.get().state == State.VALIDATED


def test_old_password_is_asked_again_before_losing_money(client, signed, clock):
    dossier = signed(State.VALIDATED)
    clock.move_to(LATE)
    client.force_login(dossier.user)

    for verb in (client.get, client.post):
        answer = verb(step_of(dossier, Action.CANCEL_LATE))
        assert answer["Location"].startswith("/mon-compte/verification/?next=")
    assert Dossier.objects.get().state == State.VALIDATED


def test_force_majeure_needs_words(client, signed, clock):
    dossier = signed(State.VALIDATED)
    clock.move_to(LATE)
    sign_in(client, dossier.user)

    empty = client.post(step_of(dossier, Action.CLAIM_FORCE_MAJEURE), {"reason": " "})
    take(client, dossier, Action.CLAIM_FORCE_MAJEURE, reason="Accident <b> hier")

    assert empty.status_code == 422
    page = client.get(page_of(dossier))
    assert "Vous avez déclaré un cas de force majeure le 20 avril 2021" in text_of(page)
    assert "Accident &lt;b&gt; hier" in page.content.decode()


def test_abandon_loses_all(client, signed, clock):
    dossier = signed(State.IN_TRAINING)
    clock.move_to(at_noon(STARTS_ON))
    sign_in(client, dossier.user)

    take(client, dossier, Action.ABANDON, reason="")

    assert Dossier.objects.get().state == State.CANCELLED
    assert available(dossier) == 2_000_00 - PRICE


def test_training_is_rated_once(client, signed):
    dossier = signed(State.SETTLED)
    sign_in(client, dossier.user)

    missing = client.post(step_of(dossier, Action.RATE), {"welcome": "6"})
    take(client, dossier, Action.RATE, **MARKS)
    again = client.post(step_of(dossier, Action.RATE), MARKS)

    assert missing.status_code == 422
    assert "Notez ce critère\u00a0: les formateurs." in text_of(missing)
    assert Rating.objects.get().trainers == 5
    assert again.status_code == 409


# --- payment


def start_payment(client, dossier):
    return take(client, dossier, Action.PAY)


def test_payment_goes_to_a_page_that_says_it_is_simulated(client, signed):
    dossier = signed(State.PAYING)

    response = client.get(start_payment(client, dossier)["Location"])

    assert "Ceci est une démonstration\u00a0: aucune carte n’est demandée" in text_of(response)
    assert "Montant\u00a0: 50,00\u00a0€" in text_of(response)


def answer(client, dossier, outcome: str, reference: str | None = None):
    path = f"{page_of(dossier)}paiement/"
    reference = reference or hidden(client.get(path), "payment")
    return client.post(path, {"payment": reference, "outcome": outcome}, follow=True)


def test_payment_refused_then_accepted(client, signed):
    dossier = signed(State.PAYING)
    start_payment(client, dossier)

    refused = answer(client, dossier, "refused")
    assert "Votre paiement est refusé" in text_of(refused)
    assert "Il reste 50,00\u00a0€ à payer au plus tard le 9 mars 2021" in text_of(refused)
    start_payment(client, dossier)
    accepted = answer(client, dossier, "accepted")

    assert "votre inscription est validée" in text_of(accepted)
    dossier.refresh_from_db()
    assert dossier.state == State.VALIDATED
    assert "Déjà payé par carte\u00a0: 50,00\u00a0€." in text_of(client.get(page_of(dossier)))


def test_abandoned_payment_can_be_taken_up_again(client, signed):
    dossier = signed(State.PAYING)
    start_payment(client, dossier)

    page = answer(client, dossier, "abandoned")

    assert "Vous avez abandonné le paiement" in text_of(page)
    assert step_of(dossier, Action.PAY) in page.content.decode()


def test_payment_answered_twice_pays_once(client, signed):
    dossier = signed(State.PAYING)
    reference = hidden(client.get(start_payment(client, dossier)["Location"]), "payment")

    answer(client, dossier, "accepted", reference)
    again = answer(client, dossier, "accepted", reference)

    assert again.status_code == 409
    assert "déjà terminé" in text_of(again)
    assert dossier.payments.filter(state=PaymentState.ACCEPTED).count() == 1


def test_payment_does_not_take_any_answer(client, signed):
    dossier = signed(State.PAYING)
    start_payment(client, dossier)

    assert answer(client, dossier, "gratuit").status_code == 409
    assert dossier.payments.get().state == PaymentState.STARTED


def test_payment_of_another_dossier_is_not_found(client, signed):
    dossier = signed(State.PAYING)
    other = bring_to(State.PAYING)
    payment = pay(other, PaymentState.REFUSED).payments.get()

    assert answer(client, dossier, "accepted", payment.reference).status_code == 404


def test_simulated_page_does_not_exist_in_production(client, signed, settings):
    dossier = signed(State.PAYING)
    start_payment(client, dossier)
    settings.DEMONSTRATION = False

    assert client.get(f"{page_of(dossier)}paiement/").status_code == 404
    assert client.post(f"{page_of(dossier)}paiement/", {}).status_code == 404


def test_cancelled_paid_dossier_says_what_comes_back(client, signed):
    dossier = signed(State.PAYING)
    start_payment(client, dossier)
    answer(client, dossier, "accepted")
    page = text_of(client.get(step_of(dossier, Action.WITHDRAW)))
    assert "Ce que vous avez payé par carte, 50,00\u00a0€, vous est remboursé" in page

    take(client, dossier, Action.WITHDRAW)

    assert "50,00\u00a0€, à rembourser dans les 30\u00a0jours" in text_of(
        client.get(page_of(dossier))
    )
