"""The index as one process reads it: one consistent state for the whole of a page."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count as count_from
from pathlib import Path

import tantivy

from catalogue.search import generations, synonyms
from catalogue.search.generations import IndexUnavailable
from catalogue.search.positions import Positions
from catalogue.search.schema import OFFERS

LOOK_EVERY_SECONDS = 1.0
COUNT = {"count": {"value_count": {"field": "pk"}}}


@dataclass(frozen=True)
class Snapshot:
    offers: tantivy.Searcher
    words: tantivy.Searcher
    labels: tantivy.Searcher
    synonyms: synonyms.Synonyms
    # another one for each opening in this process
    number: int = field(default_factory=count_from(1).__next__)
    # providers suspended since it was written (catalogue.search.suspended)
    hidden: set[int] = field(default_factory=set)

    @cached_property
    def positions(self) -> Positions:
        """Where the offers are, asked for by the first search that has a town."""
        return Positions(self.offers, OFFERS)


class Reader:
    """Opens the published generation, and again when a newer one or a newer commit is there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._root: Path | None = None
        self._stamp: tuple | None = None
        self._looked_at = 0.0
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        with self._lock:
            age = time.monotonic() - self._looked_at
            if (
                self._snapshot is None
                or age >= LOOK_EVERY_SECONDS
                or self._root != generations.root()
            ):
                self._look()
            assert self._snapshot is not None  # noqa: S101 for mypy: _look opens or raises
            return self._snapshot

    def _look(self) -> None:
        self._snapshot, held = None, self._snapshot
        generation = generations.current()
        stamp = _stamp(generation)
        self._snapshot = held if held and stamp == self._stamp else _open(generation)
        self._root, self._stamp = generations.root(), stamp
        self._looked_at = time.monotonic()


def _stamp(generation: Path) -> tuple:
    """Return what changes with each commit: tantivy replaces its meta.json, and we the synonyms."""
    try:
        files = [generation / part / "meta.json" for part in generations.PARTS]
        metas = [path.stat() for path in [*files, generation / synonyms.FILE]]
    except OSError as error:
        raise IndexUnavailable(str(error)) from error
    return (generation, *((meta.st_ino, meta.st_mtime_ns) for meta in metas))


def _open(generation: Path) -> Snapshot:
    offers, words, labels = (searcher(generation / part) for part in generations.PARTS)
    return Snapshot(offers, words, labels, synonyms.read(generation))


def searcher(folder: Path) -> tantivy.Searcher:
    """Open a part of a generation as it is now."""
    with readable():
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")  # no thread that watches the folder: snapshot() looks
        return index.searcher()


def count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Return how many offers a query finds, without the cost of their scores."""
    return round(searcher.aggregate(query, COUNT)["count"]["value"])


def total_of(result: tantivy.SearchResult) -> int:
    """Return how many documents there are beside those of the result."""
    return result.count  # type: ignore[attr-defined] # missing from the stubs of tantivy 0.27


@contextmanager
def readable() -> Iterator[None]:
    """Turn what tantivy says of a damaged file into IndexUnavailable."""
    try:
        yield
    except ValueError as error:
        raise IndexUnavailable(str(error)) from error
    except BaseException as error:
        # A panic of the library comes as a BaseException of a class that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(str(error)) from error


_reader = Reader()


def snapshot() -> Snapshot:
    """Return the newest state of the index, at most a second old; IndexUnavailable without one."""
    return _reader.snapshot()
