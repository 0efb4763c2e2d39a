"""The folders of the index.

    var/index/current                 name of the generation that every worker reads
    var/index/generation-000007/      offers/, words/, labels/ (tantivy), synonyms.json, state.json
    var/index/lock                    held by whoever writes
    var/index/error.json              the last error of whoever wrote, until a write succeeds

A generation is built aside, then published by one atomic rename of `current`.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from catalogue.search import schema

PREFIX = "generation-"
BUILDING = "building"
PARTS = ("offers", "words", "labels")
LOCK_POLL_SECONDS = 0.05


class IndexUnavailable(Exception):
    """There is no index that can be read: `manage.py rebuild_index` makes one."""


class IndexBusy(Exception):
    """Another process has been writing the index for too long."""


@dataclass
class State:
    """What a generation holds: the form of its fields and the changes that it has applied."""

    version: int = schema.VERSION
    # every change up to this one is applied, and of the later ones those in these spans (first, last):
    # an import makes hundreds of thousands at once, and each worker reads this file once a second
    floor: int = 0
    applied: list[list[int]] = field(default_factory=list)
    # moments of the last update and of the first, in seconds of the epoch
    updated_at: float = field(default_factory=time.time)
    built_at: float = field(default_factory=time.time)

    @classmethod
    def of(cls, generation: Path) -> "State":
        return cls(**json.loads((generation / "state.json").read_text()))

    def save(self, generation: Path) -> None:
        _write_atomically(generation / "state.json", json.dumps(asdict(self)))


def root() -> Path:
    return Path(settings.VAR_DIR) / "index"


def current() -> Path:
    """Return the folder of the published generation, or raise IndexUnavailable."""
    try:
        name = (root() / "current").read_text().strip()
        state = State.of(root() / name)
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnavailable(f"pas d’index lisible : {error}") from error
    if state.version != schema.VERSION:
        raise IndexUnavailable("l’index vient d’une autre version du portail")
    return root() / name


@contextmanager
def writing(timeout: float) -> Iterator[None]:
    """Be the only writer of this folder among all processes; IndexBusy after `timeout` seconds."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / "lock").open("w") as lock:
        deadline = time.monotonic() + timeout
        while not _try_lock(lock):
            if time.monotonic() >= deadline:
                raise IndexBusy
            time.sleep(LOCK_POLL_SECONDS)
        yield  # closing the file releases the lock, as does the death of the process


def start_building() -> Path:
    """Return an empty folder to build in; what a broken build left there is removed."""
    folder = root() / BUILDING
    shutil.rmtree(folder, ignore_errors=True)
    for part in PARTS:
        (folder / part).mkdir(parents=True)
    return folder


def publish(folder: Path) -> Path:
    """Make the built folder the current generation, and remove all but the one before it."""
    numbers = [int(path.name.removeprefix(PREFIX)) for path in _generations()]
    generation = root() / f"{PREFIX}{max(numbers, default=0) + 1:06d}"
    folder.rename(generation)
    _write_atomically(root() / "current", generation.name)
    for old in _generations()[:-2]:
        shutil.rmtree(old, ignore_errors=True)
    return generation


def note_error(error: Exception) -> None:
    """Keep what went wrong: our own sentence, else the name of the error, which says nothing of a row."""
    text = str(error) if isinstance(error, IndexUnavailable) else type(error).__name__
    path = root() / "error.json"
    with suppress(OSError):  # a full disk is perhaps what went wrong
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"text": text, "at": time.time()}), encoding="utf-8")


def forget_error() -> None:
    """The index was written: what went wrong before is over."""
    (root() / "error.json").unlink(missing_ok=True)


def last_error() -> tuple[str, datetime | None]:
    """Return what went wrong since the last success, and when; an empty text for nothing."""
    try:
        kept = json.loads((root() / "error.json").read_text(encoding="utf-8"))
        return str(kept["text"]), datetime.fromtimestamp(kept["at"], UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return "", None


def _generations() -> list[Path]:
    return sorted(root().glob(f"{PREFIX}*"))


def _try_lock(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_atomically(path: Path, text: str) -> None:
    aside = path.with_suffix(".new")
    with aside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
