"""A web node in a process of its own, with its own folder: python -m tests.catalogue.search.node FOLDER

Reads commands (`update`, `publish`, `find WORDS`), one a line, and answers each with a line of JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


def main(folder: str) -> None:
    django.setup()
    from django.conf import settings  # noqa: PLC0415 only once Django is set up

    from catalogue.search import snapshot  # noqa: PLC0415 as above

    settings.VAR_DIR = Path(folder)
    snapshot.LOOK_EVERY_SECONDS = 0  # type: ignore[attr-defined]
    for line in sys.stdin:
        name, _, words = line.strip().partition(" ")
        print(json.dumps(COMMANDS[name](words)), flush=True)  # noqa: T201 what the test reads


def _update(_words: str) -> int:
    from catalogue.search import indexing  # noqa: PLC0415 as above

    return indexing.update()  # what cron runs each minute


def _publish(title: str) -> int:
    """Add an offer, then publish a whole new generation."""
    from catalogue.search import indexing  # noqa: PLC0415 as above
    from tests.factories import OfferFactory  # noqa: PLC0415 as above

    number = indexing.Offer.objects.count()
    OfferFactory(title=title, public_id=f"publiee-{number}", provider__siret=f"{number:014d}")
    return indexing.rebuild()


def _find(words: str) -> list[str]:
    from django.utils import timezone  # noqa: PLC0415 as above

    from catalogue.search import SearchCriteria, search  # noqa: PLC0415 as above

    found = search(SearchCriteria(words=words), today=timezone.localdate())
    return [f"{hit.offer.public_id} {hit.offer.title}" for hit in found.hits]


COMMANDS = {"update": _update, "publish": _publish, "find": _find}


@contextmanager
def node(folder: Path) -> Iterator["Node"]:
    """Start a node on the database of the test, and end it."""
    environment = {**os.environ, "TEST_DATABASE_URL": _database_url()}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.catalogue.search.node", str(folder)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Node(process)
        finally:
            process.kill()


class Node:
    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def ask(self, command: str):
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the node died of {command!r}"
        return json.loads(line)


def _database_url() -> str:
    from django.db import connection  # noqa: PLC0415 the settings are those of the test by then

    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    return f"postgres://{held['USER']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


if __name__ == "__main__":
    main(sys.argv[1])
