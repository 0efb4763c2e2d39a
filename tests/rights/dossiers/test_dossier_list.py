"""Mes dossiers de formation: what is under way and what is over."""

from datetime import date

import pytest

from rights.dossiers.actors import Actor
from rights.dossiers.states import Action, State
from rights.models import Dossier, RightsAccount
from tests.factories import OfferFactory, StaffFactory
from tests.rights.dossiers.pages import LIST, page_of, sign_in
from tests.rights.dossiers.steps import (
    NOW,
    STARTS_ON,
    at_noon,
    bring_to,
    do,
    draft,
    make_session,
    make_user,
    send,
)
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db


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
    with django_assert_num_queries(8):
        client.get(LIST)


def test_absences_cost_the_list_no_more_statements(client, absent, django_assert_num_queries):
    session = make_session(offer__price_cents=100_00)
    other = bring_to(State.VALIDATED, user=absent.user, session=session)
    do(other, Action.DECLARE_ABSENCE, at_noon(STARTS_ON))
    client.get(LIST)

    # one less than above: no dossier is closed
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


@pytest.fixture
def absent(client, signed, clock):
    """An absence declared on the first day, with its person signed in."""
    dossier = signed(State.VALIDATED)
    clock.move_to(at_noon(STARTS_ON), tick=False)
    sign_in(client, dossier.user)
    return do(dossier, Action.DECLARE_ABSENCE, at_noon(STARTS_ON))


def test_list_names_the_next_step_of_an_absence(client, absent):
    def answer(action, who=None):
        do(absent, action, at_noon(STARTS_ON), who, reason="Hospitalisation")

    assert "30 avril 2021 Déclarer un cas de force majeure, s’il y en a un" in listed(client)

    answer(Action.CLAIM_FORCE_MAJEURE)
    assert "Validé Aucune Attendre la décision de l’assistance" in listed(client)

    answer(Action.REFUSE_FORCE_MAJEURE, Actor.staff(StaffFactory()))
    page = listed(client)
    assert "30 avril 2021 Écrire à l’organisme ou à l’assistance, si vous étiez présent" in page
    assert "force majeure" not in page


def test_list_says_that_a_fraud_is_looked_at(client, absent):
    staff = Actor.staff(StaffFactory())
    do(absent, Action.REPORT_FRAUD, at_noon(STARTS_ON), staff, reason="Inscrite à son insu")

    assert "Validé Aucune Attendre la décision de l’assistance" in listed(client)


def listed(client) -> str:
    return text_of(client.get(LIST))


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
