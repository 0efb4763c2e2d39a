"""The folders of the index: published at once, seen by who reads, never damaged by two writers."""

import shutil
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from django.db import connection

from catalogue.search import IndexUnavailable, generations, indexing, snapshot
from catalogue.search.generations import IndexBusy
from tests.factories import OfferFactory


def test_new_generation_is_seen_by_an_open_reader(index, titles):
    OfferFactory(title="Anglais")
    index()
    assert titles("anglais") == ["Anglais"]

    OfferFactory(title="Espagnol")
    index()

    assert titles("espagnol") == ["Espagnol"]


def test_snapshot_taken_before_stays_as_it_was(index):
    OfferFactory(title="Anglais")
    index()
    before = snapshot.snapshot()

    OfferFactory(title="Espagnol")
    for _ in range(3):
        index()

    assert before.offers.num_docs == 1
    assert snapshot.snapshot().offers.num_docs == 2


def test_newer_generation_is_looked_for_once_a_second(index, monkeypatch):
    OfferFactory()
    index()
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 3600)
    held = snapshot.snapshot()

    OfferFactory()
    index()

    assert snapshot.snapshot() is held
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    assert snapshot.snapshot() is not held


def test_unchanged_generation_is_not_opened_again(index):
    index()

    assert snapshot.snapshot() is snapshot.snapshot()


def test_one_generation_is_kept_beside_the_current(index):
    for _ in range(4):
        index()

    folders = sorted(path.name for path in generations.root().glob("*-*"))

    assert folders == ["generation-000003", "generation-000004"]
    assert generations.current().name == "generation-000004"


def test_broken_build_leaves_the_published_index(index, titles, monkeypatch):
    OfferFactory(title="Anglais")
    index()
    OfferFactory(title="Espagnol")

    def fail(*args):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(indexing.schema, "document", fail)
        with pytest.raises(RuntimeError):
            index()

    assert titles("anglais") == ["Anglais"]
    assert titles("espagnol") == []
    index()
    assert titles("espagnol") == ["Espagnol"]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.concurrency
def test_two_builders_at_once_leave_a_whole_index(monkeypatch, find):
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    for _ in range(20):
        OfferFactory(title="Anglais")
    built = []

    def build():
        try:
            built.append(indexing.rebuild())
        finally:
            connection.close()

    builders = [threading.Thread(target=build) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()

    assert built == [20, 20, 20]
    assert find("anglais").total == 20


HOLD_THE_LOCK = """
import fcntl, sys
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_writer_of_another_process_is_waited_for(index):
    index()
    lock = generations.root() / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, lock],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy), generations.writing(timeout=0):
            pass
        other.kill()

    with generations.writing(timeout=0):
        pass


# --- No index that can be read ---------------------------------------------------------------


def remove_all(generation):
    shutil.rmtree(generations.root())


def remove_pointer(generation):
    (generations.root() / "current").unlink()


def point_elsewhere(generation):
    (generations.root() / "current").write_text("../../etc")


def remove_generation(generation):
    shutil.rmtree(generation)


def empty_state(generation):
    (generation / "state.json").write_text("")


def change_state(generation):
    (generation / "state.json").write_text('{"autre": 1}')


def age(generation):
    generations.State(version=0).save(generation)


def remove_meta(generation):
    (generation / "offers" / "meta.json").unlink()


def cut_meta(generation):
    (generation / "words" / "meta.json").write_text("{")


def cut_files(generation):
    for path in (generation / "offers").glob("*.*"):
        if path.name not in {"meta.json", ".managed.json"}:
            beginning = path.read_bytes()[:10]
            path.unlink()  # a file cut in place, while tantivy still maps it, ends the process
            path.write_bytes(beginning)


def remove_files(generation):
    for path in (generation / "offers").glob("*.term"):
        path.unlink()


@pytest.mark.parametrize(
    "damage",
    [
        remove_all, remove_pointer, point_elsewhere, remove_generation, empty_state, change_state,
        age, remove_meta, cut_meta, cut_files, remove_files,
    ],
)  # fmt: skip
def test_damaged_index_is_unavailable_until_it_is_rebuilt(damage, index, titles):
    OfferFactory(title="Anglais")
    index()
    damage(generations.current())

    with pytest.raises(IndexUnavailable):
        titles("anglais")

    index()
    assert titles("anglais") == ["Anglais"]


def test_garbage_inside_a_file_is_unavailable_at_worst(index, titles):
    OfferFactory(title="Anglais")
    index()
    for path in (generations.current() / "offers").glob("*.*"):
        if path.suffix in {".idx", ".fast", ".term", ".pos"}:
            data = bytearray(path.read_bytes())
            data[: len(data) // 2] = b"\xff" * (len(data) // 2)
            path.unlink()  # as in cut_files
            path.write_bytes(data)

    with suppress(IndexUnavailable):
        titles("anglais")
