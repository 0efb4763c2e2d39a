"""What holds for the project as a whole."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
TEXTS = {".py", ".html", ".css", ".js", ".md", ".txt", ".toml", ".in", ".json", ".webmanifest"}


def tracked_files():
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_lock_files_hold_every_hash_and_no_address():
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^([\w.\[\],-]+)==", text, re.M)

        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)
        assert "http" not in text


def test_no_file_marks_unfinished_work():
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")

    found = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix in TEXTS and marks.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_files_stay_readable_in_length():
    # a migration is written by a command: as long as the tables are many
    paths = [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.parent.name != "migrations"
    ]

    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in paths
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }

    assert len(paths) > 50
    assert too_long == {}
