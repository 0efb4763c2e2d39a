"""A draft changed in one tab: the other tab, which shows what it was, changes nothing more."""

import pytest

from rights.dossiers.states import Action
from rights.models import Dossier
from tests.factories import OfferFactory
from tests.rights.dossiers.pages import hidden, page_of, sign_in, step_of
from tests.rights.dossiers.steps import NOW, draft, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def tabs(client):
    """Two tabs open on one draft, the first of which moves it to the second session."""
    user, offer = make_user(), OfferFactory(price_cents=500_00)
    sessions = [make_session(offer=offer, number=str(number)) for number in range(3)]
    dossier = draft(user, sessions[0])
    sign_in(client, user)

    def open_tab(action):
        page = client.get(step_of(dossier, action))
        seen = {"version": hidden(page, "version")}
        return lambda **fields: client.post(step_of(dossier, action), seen | fields)

    return dossier, sessions, open_tab


@pytest.mark.parametrize("action", [Action.MODIFY, Action.DELETE])
def test_old_tab_is_refused_without_effect_and_told_why(tabs, action):
    dossier, sessions, open_tab = tabs
    new, old = open_tab(Action.MODIFY), open_tab(action)
    assert new(session=sessions[1].pk)["Location"] == page_of(dossier)

    answer = old(session=sessions[2].pk)

    assert answer.status_code == 409
    assert "a changé depuis que vous l’avez lu" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.session == sessions[1]


@pytest.mark.parametrize("version", ["", "x", "²", "99999999999"])
def test_version_that_is_none_of_ours_is_an_old_one(tabs, client, version):
    dossier, sessions, _ = tabs

    fields = {"session": sessions[1].pk, "version": version}
    answer = client.post(step_of(dossier, Action.MODIFY), fields)

    assert answer.status_code == 409
    assert Dossier.objects.get().session == sessions[0]


def test_page_shown_again_with_its_errors_stays_the_page_that_was_read(tabs):
    _, sessions, open_tab = tabs
    old = open_tab(Action.MODIFY)
    open_tab(Action.MODIFY)(session=sessions[1].pk)

    again = old(session="0")

    assert again.status_code == 422
    assert hidden(again, "version") == "0"
