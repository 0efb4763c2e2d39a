"""A change of the catalogue reaches the index by itself."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from catalogue.changes import RETENTION, OfferChange
from catalogue.models import Certification, Offer, Provider, Session
from catalogue.search import SearchCriteria, Sort, generations, indexing, search, snapshot
from tests.factories import CertificationFactory, OfferFactory, ProviderFactory, SessionFactory


@pytest.fixture
def total():
    """How many offers the index holds for these words, as of today."""

    def total(words):
        return search(SearchCriteria(words=words), today=timezone.localdate()).total

    return total


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Run what follows the commit of the block, as a request does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


# --- Each kind of change ---------------------------------------------------------------------


def test_saved_offer_is_found_once_committed(index, total, commit):
    index()

    with commit():
        OfferFactory(title="Soudure")
        assert total("soudure") == 0

    assert total("soudure") == 1


def test_changed_offer_is_found_by_its_new_words_only(index, total, commit):
    offer = OfferFactory(title="Soudure")
    index()

    offer.title = "Chaudronnerie"
    with commit():
        offer.save()

    assert (total("soudure"), total("chaudronnerie")) == (0, 1)


@pytest.mark.parametrize(
    "remove",
    [
        lambda offer: offer.delete(),
        lambda offer: Offer.objects.filter(pk=offer.pk).delete(),
        lambda offer: offer.provider.delete(),
        lambda offer: Provider.objects.filter(pk=offer.provider_id).delete(),
        lambda offer: Provider.objects.filter(pk=offer.provider_id).update(is_suspended=True),
        lambda offer: Provider(pk=offer.provider_id, siret="1" * 14, is_suspended=True).save(),
    ],
    ids=["delete", "delete rows", "provider", "provider rows", "suspend rows", "suspend"],
)
def test_removed_or_suspended_offer_is_not_found(remove, index, total, commit):
    kept = OfferFactory(title="Soudure")
    gone = OfferFactory(title="Soudure")
    index()
    assert total("soudure") == 2

    with commit():
        remove(gone)

    assert total("soudure") == 1
    assert Offer.objects.filter(pk=kept.pk).exists()


def test_changed_certification_and_provider_reach_their_offers(index, total, commit):
    certification, provider = CertificationFactory(), ProviderFactory()
    OfferFactory(certification=certification, provider=provider)
    index()

    with commit():
        Certification.objects.filter(pk=certification.pk).update(jobs="chaudronnier")
        provider.name = "Ateliers du Cuivre"
        provider.save()

    assert (total("chaudronnière"), total("cuivre")) == (1, 1)


def test_changed_session_moves_its_offer(index, commit, find, today):
    later = SessionFactory(starts_on=today + timedelta(days=40), offer__title="Plus tard")
    SessionFactory(starts_on=today + timedelta(days=30), offer__title="D’abord")
    index()

    with commit():
        SessionFactory(offer=later.offer, starts_on=today + timedelta(days=20))
    moved = find(sort=Sort.NEXT_START)
    with commit():
        Session.objects.filter(starts_on=today + timedelta(days=20)).delete()
    back = find(sort=Sort.NEXT_START)

    assert [hit.offer.title for hit in moved.hits] == ["Plus tard", "D’abord"]
    assert [hit.offer.title for hit in back.hits] == ["D’abord", "Plus tard"]


def test_session_moved_to_another_offer_records_both(db):
    session, other = SessionFactory(), OfferFactory()
    OfferChange.objects.all().delete()
    before = session.offer_id

    session.offer = other
    session.save()

    recorded = set(OfferChange.objects.values_list("offer_id", flat=True))
    assert recorded == {before, other.pk}


def test_new_word_can_be_misspelt_at_once(index, total, commit):
    index()

    with commit():
        OfferFactory(title="Chaudronnerie")

    assert total("chaudronerie") == 1


def test_rolled_back_change_is_not_recorded(db):
    offer = OfferFactory()
    OfferChange.objects.all().delete()

    with transaction.atomic():
        offer.save()
        assert OfferChange.objects.exists()
        transaction.set_rollback(True)

    assert not OfferChange.objects.exists()


def test_bulk_writer_records_its_offers_and_starts_one_task(index, total, commit):
    offer = OfferFactory(title="Soudure")
    index()

    with commit() as callbacks:
        Offer.objects.bulk_update([Offer(pk=offer.pk, title="Chaudronnerie")], ["title"])
        OfferChange.objects.record([])

    assert len(callbacks) == 1
    assert total("chaudronnerie") == 1


def test_manager_has_no_delete(db):
    with pytest.raises(AttributeError):
        Offer.objects.delete()


# --- Without an index, late, twice, elsewhere ------------------------------------------------


def test_change_without_an_index_is_saved_and_logged(db, commit, caplog):
    with commit():
        OfferFactory()

    assert Offer.objects.count() == 1
    assert "rebuild_index" in caplog.text


def test_command_applies_what_no_task_did(index, total):
    index()
    OfferFactory(title="Soudure")

    call_command("update_index", verbosity=0)

    assert total("soudure") == 1
    assert indexing.apply_changes() == 0


def test_command_builds_a_missing_index(db, total, monkeypatch):
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    OfferFactory(title="Soudure")

    call_command("update_index", verbosity=0)

    assert total("soudure") == 1


def test_commands_say_what_they_did(index, capsys):
    OfferFactory()

    call_command("rebuild_index")
    OfferFactory()
    call_command("update_index")

    said = capsys.readouterr().out
    assert "  1 / 1 offres\n1 offres indexées en " in said
    assert "1 offres mises à jour" in said


@pytest.mark.parametrize("command", ["rebuild_index", "update_index"])
def test_command_gives_up_when_another_one_writes(command, db, monkeypatch):
    monkeypatch.setattr(indexing, "REBUILD_WAIT_SECONDS", 0)

    with generations.writing(timeout=0), pytest.raises(CommandError, match="Un autre programme"):
        call_command(command, verbosity=0)


def test_update_that_finds_a_writer_leaves_the_change_to_it(index, total, monkeypatch):
    index()
    OfferFactory(title="Soudure")
    monkeypatch.setattr(indexing, "UPDATE_WAIT_SECONDS", 0)

    with generations.writing(timeout=0):
        assert indexing.apply_changes() == 0

    assert indexing.apply_changes() == 1
    assert total("soudure") == 1


def test_change_made_during_a_rebuild_is_in_the_new_index(index, total):
    OfferFactory(title="Anglais")

    def change(done, count):
        if not Offer.objects.filter(title="Soudure").exists():
            OfferFactory(title="Soudure")

    indexing.rebuild(progress=change)

    assert total("soudure") == 1
    assert total("anglais") == 1


def test_change_older_than_a_seen_one_is_not_missed(index, total):
    """A long transaction shows its rows after those of a shorter one that began later."""
    index()
    seen, late = OfferFactory(title="Soudure"), OfferFactory(title="Chaudronnerie")
    hidden = OfferChange.objects.get(offer_id=late.pk).pk
    OfferChange.objects.filter(pk=hidden).delete()
    OfferChange.objects.filter(offer_id=seen.pk).update(id=hidden + 10)
    indexing.apply_changes()
    assert total("chaudronnerie") == 0

    OfferChange(pk=hidden, offer_id=late.pk).save()
    indexing.apply_changes()

    assert total("chaudronnerie") == 1


def test_applied_changes_are_forgotten_after_their_time(index):
    now = timezone.now()
    with time_machine.travel(now - timedelta(hours=3), tick=False):
        index()
        OfferFactory()
        indexing.apply_changes()
        (applied,) = generations.State.of(generations.current()).applied
        assert applied[0] == applied[1]
    with time_machine.travel(now, tick=False):
        OfferFactory()
        indexing.apply_changes()

    state = generations.State.of(generations.current())
    assert state.floor == OfferChange.objects.earliest("pk").pk
    newest = OfferChange.objects.latest("pk").pk
    assert state.applied == [[newest, newest]]


def test_two_machines_each_apply_a_change(index, total, settings, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        settings.VAR_DIR = folder
        index()

    OfferFactory(title="Soudure")
    for folder in (first, second):
        settings.VAR_DIR = folder
        indexing.update()
        assert total("soudure") == 1


def test_machine_away_for_too_long_rebuilds(index, total):
    now = timezone.now()
    with time_machine.travel(now - RETENTION - timedelta(days=2), tick=False):
        index()
        OfferFactory(title="Soudure")
    with time_machine.travel(now, tick=False):
        OfferChange.objects.all().delete()  # as another machine did in time

        indexing.update()

    assert total("soudure") == 1


def test_old_changes_are_removed(index):
    now = timezone.now()
    with time_machine.travel(now - RETENTION - timedelta(minutes=1), tick=False):
        OfferFactory()
    index()
    assert OfferChange.objects.count() == 1

    indexing.update()

    assert OfferChange.objects.count() == 0


def test_start_that_has_passed_gives_way_to_the_next(index):
    now = timezone.now()
    today = timezone.localdate()
    with time_machine.travel(now - timedelta(days=3), tick=False):
        two = OfferFactory(title="Deux sessions")
        SessionFactory(offer=two, starts_on=today - timedelta(days=1))
        SessionFactory(offer=two, starts_on=today + timedelta(days=9))
        SessionFactory(offer__title="Une session", starts_on=today + timedelta(days=5))
        index()

    with time_machine.travel(now, tick=False):
        stale = search(SearchCriteria(sort=Sort.NEXT_START), today=today)
        assert indexing.apply_changes() == 1
        fresh = search(SearchCriteria(sort=Sort.NEXT_START), today=today)

    assert stale.total == fresh.total == 2
    assert [hit.offer.title for hit in fresh.hits] == ["Une session", "Deux sessions"]
    assert indexing.apply_changes() == 0


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.concurrency
def test_parallel_updates_lose_nothing(monkeypatch, total):
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    indexing.rebuild()

    def publish():
        try:
            OfferFactory(title="Soudure")
        finally:
            connection.close()

    writers = [Thread(target=publish) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    indexing.apply_changes()

    assert total("soudure") == 6


def test_many_changes_are_remembered_as_spans(index, total, monkeypatch):
    """The state is read by each worker once a second: 250,000 numbers would cost it 20 ms."""
    monkeypatch.setattr(indexing, "WIDE_SPAN", 3)
    index()
    OfferChange.objects.record(range(10_001, 10_011))
    OfferFactory(title="Soudure")
    indexing.apply_changes()
    OfferChange.objects.record(range(20_001, 20_003))
    missed = OfferChange.objects.latest("pk")
    missed.delete()
    indexing.apply_changes()

    spans = generations.State.of(generations.current()).applied
    assert len(spans) == 1
    assert indexing.apply_changes() == 0
    assert total("soudure") == 1

    OfferFactory(title="Chaudronnerie")
    indexing.apply_changes()
    assert total("chaudronnerie") == 1


@pytest.mark.parametrize(
    ("spans", "floor", "merged"),
    [
        ([], 0, []),
        ([[5, 5], [3, 3], [4, 4]], 0, [[3, 5]]),
        ([[1, 9], [20, 30], [12, 12]], 4, [[5, 9], [12, 12], [20, 30]]),
        ([[1, 9], [2, 3]], 9, []),
    ],
)
def test_spans_are_merged_above_the_floor(spans, floor, merged):
    assert indexing._merged(spans, floor) == merged
