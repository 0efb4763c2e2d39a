"""The judges of `make audit`: each returns figures, none decides."""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Request

from tests.e2e.conftest import find_chromium
from tests.e2e.judges import nu_messages

LIGHTHOUSE = Path("tests/audit/node_modules/lighthouse/cli/index.js")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = (99, 100, 100, 100)
MOST_BYTES, MOST_REQUESTS = 60_000, 8
PICTURES = {
    "/inscription/": 5
}  # those of the security check, which no sprite may give away at once


@dataclass
class Verdict:
    path: str
    axe: int
    nu: int
    requests: int
    size: int  # bytes over the wire, brotli
    html: str
    scores: Sequence[float] = ()

    @property
    def is_good(self) -> bool:
        most_requests = MOST_REQUESTS + PICTURES.get(self.path, 0)
        is_light = self.requests <= most_requests and self.size <= MOST_BYTES
        is_fast = all(score >= least for score, least in zip(self.scores, LEAST, strict=False))
        return is_light and is_fast and not self.axe and not self.nu

    def row(self) -> str:
        scores = [f"{score:.0f}" for score in self.scores] or ["-"] * 4
        perf, access, practices, seo = scores
        return (
            f"{self.path[:39]:40}{perf:>6}{access:>5}{practices:>5}{seo:>5}{self.axe:5}{self.nu:5}"
            f"{self.requests:5}{self.size / 1000:7.1f}{'' if self.is_good else '  à corriger'}"
        )


def weigh(page: Page, url: str) -> tuple[int, int, str]:
    """Open `url`; return how many answers it took, their bytes over the wire, and the page's HTML."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", note)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.remove_listener("requestfinished", note)
    size = sum(max(request.sizes()["responseBodySize"], 0) for request in asked)
    return len(asked), size, page.context.request.get(url, fail_on_status_code=False).text()


def nu_faults(pages: list[str]) -> list[int]:
    """Return how many faults the Nu checker finds in each page."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number:03d}.html" for number in range(len(pages))]
        for file, html in zip(files, pages, strict=True):
            file.write_text(html, encoding="utf-8")
        names = [name for name, _, _ in nu_messages(files)]
    return [names.count(file.name) for file in files]


def lighthouse(url: str, rounds: int) -> list[float]:
    """Return the four scores of `url` on a telephone, from 0 to 100: medians of `rounds` runs."""
    runs = [_lighthouse_once(url) for _ in range(rounds)]
    return [statistics.median(run[rank] for run in runs) for rank in range(len(CATEGORIES))]


def _lighthouse_once(url: str) -> list[float]:
    done = subprocess.run(
        [
            "node", str(LIGHTHOUSE), url, "--quiet", "--output=json", "--locale=fr",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --ignore-certificate-errors",
        ],
        capture_output=True,
        env={**os.environ, "CHROME_PATH": find_chromium()},
        text=True,
        check=True,
        timeout=180,
    )  # fmt: skip
    report = json.loads(done.stdout)
    _keep(report, url)
    return [100 * (report["categories"][name]["score"] or 0) for name in CATEGORIES]


def _keep(report: dict, url: str) -> None:
    """Write what Lighthouse found beside the data of the audit, to read why a score is low."""
    lost = {
        name: audit["title"]
        for name, audit in report["audits"].items()
        if audit["score"] is not None and audit["score"] < 1
    }
    with Path("var/audit/lighthouse.txt").open("a", encoding="utf-8") as file:
        file.write(f"{url}\n{json.dumps(lost, ensure_ascii=False, indent=1)}\n")
