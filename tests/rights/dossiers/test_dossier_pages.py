"""One dossier and its steps: what is shown, done, refused, and hidden from others."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from catalogue.models import Offer, Provider
from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.states import Action, ActorKind, State
from rights.models import Dossier, Rating, RightsAccount
from rights.views.dossiers.steps import PAGES, STEPS
from rights.views.dossiers.story import EVENTS
from tests.factories import StaffFactory
from tests.rights.dossiers.pages import LIST, page_of, sign_in, step_of, take
from tests.rights.dossiers.steps import (
    MARKS,
    NOW,
    PRICE,
    STARTS_ON,
    at_noon,
    bring_to,
    do,
    make_session,
    make_user,
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


def test_draft_says_what_it_would_cost_today(client, signed):
    dossier = signed(State.DRAFT)

    page = text_of(client.get(page_of(dossier)))

    assert "Si vous envoyez la demande aujourd’hui\u00a0:" in page
    assert "Compte personnel de formation (CPF) 1050,00\u00a0€" in page


def test_draft_that_cannot_be_sent_says_why_and_offers_no_sending(client, signed, clock):
    dossier = signed(State.DRAFT)
    clock.move_to(LATE)
    sign_in(client, dossier.user)

    page = client.get(page_of(dossier))

    assert "Cette demande n’est pas possible" in text_of(page)
    assert step_of(dossier, Action.SEND) not in page.content.decode()
    assert step_of(dossier, Action.MODIFY) in page.content.decode()


def test_provider_without_contact_is_told_so(client, signed):
    dossier = signed(State.PAYING)
    fields = {"phone": "", "email": ""}
    Provider.objects.filter(pk=dossier.provider_id).update(**fields)
    Offer.objects.update(contact_phone="", contact_email="")

    page = client.get(page_of(dossier))

    assert "L’organisme ne nous a donné ni téléphone ni courriel." in text_of(page)
    assert "Payer le reste 9 mars 2021" in text_of(page)


def test_share_that_was_declared_is_told(client, signed):
    dossier = signed(State.FINISHED)
    do(dossier, Action.DECLARE_SERVICE, at_noon(STARTS_ON), done_percent=90)

    page = text_of(client.get(page_of(dossier)))

    assert "Service fait déclaré, part réalisée\u00a0: 90\u00a0%" in page
    assert "Fin de la formation déclarée 26 avril" in page


def test_dossier_costs_the_same_statements_however_long(client, signed, django_assert_num_queries):
    dossier = signed(State.PAYMENT_REFUSED)
    client.get(page_of(dossier))

    # session, user, dossier, payments, figures, events
    with django_assert_num_queries(6):
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


def test_day_of_a_permanent_entry_is_asked_for_and_not_optional(client, signed):
    session = make_session(is_permanent=True, starts_on=None, ends_on=None)
    dossier = signed(State.DRAFT, session=session)

    page = text_of(client.get(step_of(dossier, Action.MODIFY)))
    empty = client.post(step_of(dossier, Action.MODIFY), {"session": session.pk, "starts_on": ""})

    assert "Quand voulez-vous commencer" in page
    assert "facultatif" not in page
    assert empty.status_code == 422
    assert "Choisissez le jour où vous voulez commencer." in text_of(empty)


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


def test_acceptance_with_a_remainder_leads_to_the_payment(client, signed):
    dossier = signed(State.TO_VALIDATE, has_remainder=True)

    take(client, dossier, Action.CONFIRM)

    assert "votre place n’est sûre qu’ensuite" in text_of(client.get(page_of(dossier)))


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
