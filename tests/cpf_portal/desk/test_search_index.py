from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from catalogue import rebuilding
from catalogue.models import IndexRebuild, Offer, RebuildState
from catalogue.search import generations, indexing
from catalogue.search.health import health
from tests.desk import sign_in
from tests.factories import OfferFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:catalogue_indexrebuild_changelist")
BUTTON = reverse("admin:catalogue_indexrebuild_rebuild")


@pytest.fixture
def agent():
    return StaffFactory(roles=[Role.CATALOGUE])


@pytest.fixture
def desk(client, agent):
    sign_in(client, agent)
    return client


def test_page_tells_the_state_and_what_waits(desk, index):
    OfferFactory()
    assert "aucune qui puisse être lue" in desk.get(PAGE).content.decode()

    index()
    Offer.objects.get().save()
    page = desk.get(PAGE)

    state = page.context["state"]
    assert (state.generation, state.offers, state.late, state.error) == (
        "generation-000001", 1, 1, "",
    )  # fmt: skip
    assert state.late_since
    assert "Reconstruire l’index" in page.content.decode()


def test_button_builds_the_index_in_a_task(desk, agent, django_capture_on_commit_callbacks):
    OfferFactory()
    with django_capture_on_commit_callbacks(execute=True):
        page = desk.post(BUTTON, follow=True)

    done = IndexRebuild.objects.get()
    assert (done.state, done.offers, done.author, done.is_open) == ("done", 1, agent, False)
    assert generations.current().name == "generation-000001"
    assert "demandée" in page.content.decode()


def test_second_request_waits_for_the_first(desk):
    desk.post(BUTTON)
    page = desk.post(BUTTON, follow=True)

    assert IndexRebuild.objects.get().state == RebuildState.WAITING
    assert "déjà demandée" in page.content.decode()


def test_killed_rebuild_does_not_block_for_ever(agent):
    long_ago = timezone.now() - 2 * rebuilding.LONGEST
    lost = rebuilding.ask_rebuild(author=agent, now=long_ago)

    assert rebuilding.ask_rebuild(author=agent, now=timezone.now())
    lost.refresh_from_db()
    assert (lost.state, lost.error) == (RebuildState.FAILED, rebuilding.INTERRUPTED)


def test_request_run_twice_is_built_once(agent):
    asked = rebuilding.ask_rebuild(author=agent, now=timezone.now())

    assert rebuilding.run(asked.pk)
    assert not rebuilding.run(asked.pk)
    assert generations.current().name == "generation-000001"


def test_error_is_shown_until_a_write_succeeds(agent, monkeypatch):
    asked = rebuilding.ask_rebuild(author=agent, now=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(indexing, "_write_all", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rebuilding.run(asked.pk)
    assert health().error == "ZeroDivisionError"
    assert IndexRebuild.objects.get().error == "ZeroDivisionError"

    indexing.rebuild()

    assert health().error == ""


def test_other_machine_builds_its_own_index_again(index, agent, settings, tmp_path):
    OfferFactory()
    index()
    asked = rebuilding.ask_rebuild(author=agent, now=timezone.now() + timedelta(seconds=1))
    assert rebuilding.run(asked.pk)
    settings.VAR_DIR = tmp_path / "other"
    index()
    IndexRebuild.objects.update(asked_at=timezone.now() + timedelta(seconds=1))

    indexing.update()

    assert generations.current().name == "generation-000002"


def test_without_the_permission_there_is_no_page(client):
    sign_in(client, StaffFactory(roles=[Role.READING]))

    assert client.get(PAGE).status_code == 403
    assert client.post(BUTTON).status_code == 403
    assert not IndexRebuild.objects.exists()
