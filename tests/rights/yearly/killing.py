"""Real runs in processes of their own, on a database of their own, that can be killed."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
YEAR = "2021"


def environment(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "TEST_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }


def start(url: str, feed: Path, *words: str) -> subprocess.Popen:
    """Start a run; with the word « pauses » it rests between two batches."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.rights.yearly.worker", YEAR, str(feed), *words],
        cwd=ROOT,
        env=environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def run_to_the_end(url: str, feed: Path) -> float:
    """Let a run end; return the seconds between its beginning to work and its end."""
    process = start(url, feed)
    process.stdout.readline()  # it is about to read the feed
    started = time.monotonic()
    process.communicate(timeout=120)
    assert process.returncode == 0
    return time.monotonic() - started


def run_and_kill(url: str, feed: Path, chance: random.Random, longest: float) -> bool:
    """Kill -9 a run within `longest` seconds after it began to work; tell whether it was still running."""
    process = start(url, feed)
    process.stdout.readline()  # it is about to read the feed
    time.sleep(chance.uniform(0, longest))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def write_feed(path: Path, numbers: list[str]) -> None:
    """One to three lines a person, of every status and share."""
    chance = random.Random(6323)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["nir", "statut", "quotite", "du", "au"])
        for number in numbers:
            for _ in range(chance.randint(1, 3)):
                status = chance.choice(["salarie", "independant", "esat", "agent_public"])
                share = f"{chance.randint(1, 100)},{chance.randint(0, 99):02d}"
                share = "100" if share.startswith("100") else share
                last = f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{YEAR}"
                writer.writerow([number, status, share, f"01/01/{YEAR}", last])
