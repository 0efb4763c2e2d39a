"""Writing the index: a whole generation aside, or the changed offers in the current one."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, wraps
from pathlib import Path
from typing import TypeVar, cast

import tantivy
from django.utils import timezone
from tantivy import FieldType, IndexWriter, Order, Query, Schema

from catalogue.changes import RETENTION, OfferChange
from catalogue.models import IndexRebuild, Offer, RebuildState
from catalogue.search import analysis, generations, labels, schema, spelling, synonyms
from catalogue.search.generations import IndexBusy, IndexUnavailable, State
from catalogue.search.labels import Label
from catalogue.search.ordering import PK_MASK
from catalogue.search.rows import CHUNK, CertificationRow, OfferRow, Reading
from catalogue.search.snapshot import readable, searcher

logger = logging.getLogger(__name__)

HEAP_BYTES = 256_000_000
SMALL_HEAP_BYTES = 15_000_000  # the least that tantivy takes
REBUILD_WAIT_SECONDS = 600.0
UPDATE_WAIT_SECONDS = 5.0
# A change may be seen after a later one, when its transaction was longer; none lasts an hour.
LONGEST_TRANSACTION = timedelta(hours=1)
# Spans of changes so long are left out by the database, the others here.
WIDE_SPAN = 100

Progress = Callable[[int, int], None]
T = TypeVar("T")
Part = TypeVar("Part")
Write = TypeVar("Write", bound=Callable[..., int])


@dataclass
class Vocabulary:
    """What offers hold beside themselves: words for spelling, labels to propose, and how often.

    Texts are counted while the offers are read, and taken apart once each at the end.
    """

    texts: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)
    skills: Counter[str] = field(default_factory=Counter)
    certifications: Counter[CertificationRow] = field(default_factory=Counter)

    def add(self, offer: OfferRow, texts: Mapping[str, str]) -> None:
        for name in schema.SPELT:
            self.texts[texts[name]] += 1
        self.titles[offer.title] += 1
        self.skills[offer.skills] += 1
        if offer.certification:
            self.certifications[offer.certification] += 1

    @cached_property
    def words(self) -> Counter[str]:
        return _apart(analysis.vocabulary, self.texts)

    @cached_property
    def labels(self) -> Counter[Label]:
        found = _apart(labels.of_title, self.titles)
        found.update(_apart(labels.of_skills, self.skills))
        found.update(_apart(labels.of_certification, self.certifications))
        return found


def _noting_errors(write: Write) -> Write:
    """Keep what goes wrong for the page of the staff; a busy index is nobody’s error."""

    @wraps(write)
    def noted(*args, **kwargs):
        try:
            return write(*args, **kwargs)
        except IndexBusy:
            raise
        except Exception as error:
            generations.note_error(error)
            raise

    return cast(Write, noted)


def _apart(parts_of: Callable[[T], Iterable[Part]], counts: Counter[T]) -> Counter[Part]:
    """Return how often the parts of what was counted come."""
    found: Counter[Part] = Counter()
    for whole, count in counts.items():
        for part in parts_of(whole):
            found[part] += count
    return found


@_noting_errors
def rebuild(*, progress: Progress | None = None) -> int:
    """Build a new generation from the database and publish it; return how many offers it holds.

    The published one serves until then, and the changes made meanwhile are applied before this
    returns. `progress` receives (done, total). Raises IndexBusy when another writer does not end.
    """
    with generations.writing(REBUILD_WAIT_SECONDS):
        state = State()
        _mark_applied(state, unapplied(state))  # seen now, so held by what is read from now on
        folder = generations.start_building()
        count = _write_all(folder, progress)
        synonyms.publish(folder)
        state.save(folder)
        generations.publish(folder)
    apply_changes()
    return count


@_noting_errors
def apply_changes() -> int:
    """Bring the recorded changes to the current generation; return how many offers were written.

    Safe in several processes at once. Without an index there is nothing to change: the log says so.
    """
    written = 0
    try:
        synonyms.publish(generations.current())
        # Asked again once the lock is released: a change that found it held is not left behind.
        while offer_ids := _outdated(generations.current()):
            with generations.writing(UPDATE_WAIT_SECONDS), readable():
                written += _apply(generations.current())
            logger.info("index: %s offres mises à jour", len(offer_ids))
    except IndexBusy:
        logger.info("index: un autre programme l’écrit et prendra ces changements")
    except IndexUnavailable as error:
        logger.error("%s. Lancez « python manage.py rebuild_index ».", error)
        generations.note_error(error)
        return written
    generations.forget_error()
    return written


def update() -> int:
    """What cron runs each minute: apply the changes, or rebuild where that cannot be enough.

    That is without a readable index, when this machine was away for longer than the changes last, or when
    the staff had the index built again elsewhere: each machine has its own.
    """
    try:
        state = State.of(generations.current())
        if time.time() - state.updated_at > RETENTION.total_seconds():
            raise IndexUnavailable("l’index est trop ancien")
        if IndexRebuild.objects.filter(
            state=RebuildState.DONE, asked_at__gt=_moment(state)
        ).exists():
            raise IndexUnavailable("l’index a été reconstruit sur une autre machine")
    except IndexUnavailable as error:
        logger.warning("%s : il est reconstruit", error)
        return rebuild()
    written = apply_changes()
    OfferChange.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()
    return written


def _moment(state: State) -> datetime:
    return datetime.fromtimestamp(state.built_at, UTC)


# --- What is to be written -----------------------------------------------------------------------


def _outdated(generation: Path) -> set[int]:
    """Return the offers that changed, and those whose next start has passed since it was indexed."""
    changed = {offer_id for _pk, offer_id in unapplied(State.of(generation))}
    return changed | _with_passed_start(generation, timezone.localdate())


def unapplied(state: State) -> list[tuple[int, int]]:
    """Return (change, offer) of the changes that a generation does not hold."""
    changes, applied = OfferChange.objects.filter(pk__gt=state.floor), set[int]()
    for first, last in state.applied:
        if last - first >= WIDE_SPAN:
            changes = changes.exclude(pk__range=(first, last))
        else:
            applied.update(range(first, last + 1))
    rows = changes.values_list("pk", "offer_id")
    return [(pk, offer_id) for pk, offer_id in rows if pk not in applied]


def _with_passed_start(generation: Path, today: date) -> set[int]:
    offers = searcher(generation / "offers")
    passed = Query.range_query(
        schema.OFFERS,
        "start_key",
        FieldType.Unsigned,
        lower_bound=schema.sort_key(schema.PERMANENT + 1, 0),
        upper_bound=schema.sort_key(today.toordinal(), 0) - 1,
    )
    limit = max(1, offers.num_docs)
    hits = offers.search(passed, limit, False, order_by_field="start_key", order=Order.Asc).hits
    return {key & PK_MASK for key, _address in hits}


def _mark_applied(state: State, changes: list[tuple[int, int]]) -> None:
    """Remember changes; those too old for an earlier one to appear are remembered by their limit."""
    settled = OfferChange.objects.filter(created_at__lt=timezone.now() - LONGEST_TRANSACTION)
    newest = settled.order_by("-pk").values_list("pk", flat=True).first()
    state.floor = max(state.floor, newest or 0)
    spans = [*state.applied, *([pk, pk] for pk, _offer_id in changes)]
    state.applied = _merged(spans, state.floor)
    state.updated_at = time.time()


def _merged(spans: Iterable[list[int]], floor: int) -> list[list[int]]:
    """Return the spans above `floor`, those that touch each other as one."""
    merged: list[list[int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        elif last > floor:
            merged.append([max(first, floor + 1), last])
    return merged


# --- Writing ---------------------------------------------------------------------------------


def _apply(generation: Path) -> int:
    state = State.of(generation)
    changes = unapplied(state)
    today = timezone.localdate()
    offer_ids = {offer_id for _pk, offer_id in changes} | _with_passed_start(generation, today)
    _write_changed(generation, sorted(offer_ids), today)
    # After the commit: a crash in between only writes the same offers again.
    _mark_applied(state, changes)
    state.save(generation)
    return len(offer_ids)


def _write_all(folder: Path, progress: Progress | None) -> int:
    today, total, done = timezone.localdate(), Offer.objects.published().count(), 0
    held = Vocabulary()
    with _writing(folder / "offers", schema.OFFERS, HEAP_BYTES) as writer:
        for done, offer in enumerate(Reading().published(), start=1):
            _add(writer, offer, today, held)
            if progress and (done % CHUNK == 0 or done == total):
                progress(done, total)
    with _writing(folder / "words", schema.WORDS, HEAP_BYTES) as writer:
        spelling.add_words(writer, held.words)
    with _writing(folder / "labels", labels.LABELS, HEAP_BYTES) as writer:
        labels.add(writer, held.labels)
    return done


def _write_changed(generation: Path, offer_ids: list[int], today: date) -> None:
    held, reading = Vocabulary(), Reading()
    with _writing(generation / "offers", schema.OFFERS, SMALL_HEAP_BYTES) as writer:
        for start in range(0, len(offer_ids), CHUNK):
            chunk = offer_ids[start : start + CHUNK]
            # by a query: deleting by a term takes our numbers for signed ones, and deletes nothing
            writer.delete_documents_by_query(Query.term_set_query(schema.OFFERS, "pk", chunk))
            for offer in reading.published_among(chunk):
                _add(writer, offer, today, held)
    _write_new_words(generation, held)


def _write_new_words(generation: Path, held: Vocabulary) -> None:
    words = spelling.unknown_words(searcher(generation / "words"), held.words)
    if words:
        with _writing(generation / "words", schema.WORDS, SMALL_HEAP_BYTES) as writer:
            spelling.add_words(writer, Counter({word: held.words[word] for word in words}))
    new = labels.unknown(searcher(generation / "labels"), held.labels)
    if new:
        with _writing(generation / "labels", labels.LABELS, SMALL_HEAP_BYTES) as writer:
            labels.add(writer, Counter({label: held.labels[label] for label in new}))


def _add(writer: IndexWriter, offer: OfferRow, today: date, held: Vocabulary) -> None:
    """Write an offer, and count its words and labels."""
    texts = schema.texts(offer)
    writer.add_document(schema.document(offer, texts, today))
    held.add(offer, texts)


@contextmanager
def _writing(folder: Path, form: Schema, heap: int) -> Iterator[IndexWriter]:
    """Commit what the block writes, or nothing at all when it fails."""
    index = tantivy.Index(form, path=str(folder))
    schema.register_analyzers(index)
    writer = index.writer(heap, 1)
    try:
        yield writer
        writer.commit()
    finally:
        writer.wait_merging_threads()  # it also gives the folder back
