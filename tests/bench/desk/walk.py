"""An agent at a browser: she clicks and types, and what each answer cost is noted under her task."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Response, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from accounts.models import TotpDevice, User
from accounts.roles import Role
from tests.bench.desk.cases import Cases
from tests.bench.desk.measuring import HEADER
from tests.bench.desk.report import Answer, Report
from tests.desk import device_of
from tests.e2e.conftest import QUIET, find_chromium
from tests.factories import StaffFactory

PASSWORD = "Sept-Grues-Blanches-1"
PATIENCE = 15_000  # milliseconds for one page: then the bench ends
FOLDED = "localStorage.setItem('django.admin.navSidebarIsOpen', 'false')"


def main(url: str, rounds: str, only: str = "") -> int:
    """Do every task, or those named with `only`, `rounds` times; return 1 if a page is too dear."""
    from tests.bench.desk.tasks import run  # noqa: PLC0415 its tasks are made of agents

    report, cases = Report(), Cases()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=QUIET, chromium_sandbox=os.geteuid() != 0
        )
        first, second = (new_agent(browser, url, report) for _ in range(2))
        for number in range(int(rounds)):
            report.say(f"tour {number + 1} sur {rounds}")
            try:
                run(first, second, cases, only)
            except PlaywrightError:
                for agent in (first, second):
                    report.say(f"arrêt pendant « {agent.doing} » : {agent.place()}")
                report.show()
                raise
        browser.close()
    return report.show()


def new_agent(browser: Browser, url: str, report: Report) -> "Agent":
    """Return a member of the staff with every role, at a browser of her own, not yet signed in."""
    now = time.time_ns()  # another one than those who filled the database
    user = StaffFactory(
        email=f"agent-{now}@example.org",
        own_nir_index=f"{now:064x}",
        password=PASSWORD,
        roles=list(Role),
    )
    device_of(user)  # enrolled before she comes
    context = browser.new_context(
        locale="fr-FR", ignore_https_errors=True, viewport={"width": 1280, "height": 900}
    )
    context.add_init_script(FOLDED)
    return Agent(context.new_page(), url, user, report)


@dataclass
class Agent:
    page: Page
    url: str
    user: User
    report: Report
    doing: str = ""
    log: Path = field(default_factory=lambda: Path(os.environ["DESK_LOG"]))
    seen: dict[str, Response] = field(default_factory=dict)
    read: int = 0

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("response", self._see)
        self.read = self.log.stat().st_size if self.log.exists() else 0

    def _see(self, response: Response) -> None:
        if key := response.headers.get(HEADER.lower()):
            self.seen[key] = response

    # --- what she does

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)
        self._note()

    def follow(self, name: str) -> None:
        """Click the link `name`."""
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True).first)

    def click(self, target: Locator) -> None:
        with self._leaving():
            target.click()

    def take(self, target: Locator) -> None:
        """Click what gives a file, and wait for its end."""
        with self.page.expect_download() as download:
            target.click()
        download.value.path()
        self._note()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def sees(self, text: str) -> None:
        """Fail unless `text` is on the page: a task that was refused measures nothing."""
        self.page.locator("body").get_by_text(text).first.wait_for()

    def has(self, role: str, name: str) -> bool:
        return self.page.get_by_role(role, name=name, exact=True).count() > 0

    def place(self) -> str:
        """Return where she is, for who looks for what went wrong."""
        return f"{self.page.url} {' '.join(self.page.locator('body').inner_text().split())[:600]}"

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield
        self._note()

    def code(self) -> str:
        """Return what her telephone shows, as if it had not served yet."""
        device = device_of(self.user)
        TotpDevice.objects.filter(pk=device.pk).update(last_step=-1)
        return device.code_at(time.time())

    # --- what it cost

    def _note(self) -> None:
        """Read the lines that the server wrote since the last step."""
        with self.log.open(encoding="utf-8") as log:
            log.seek(self.read)
            lines = log.readlines()
            self.read = log.tell()
        for line in map(json.loads, lines):
            response = self.seen.pop(line.pop("answer"), None)
            if response is None:
                continue  # asked by the other agent
            self.report.add(Answer(self.doing, browser=_browser_time(response), **line))


def _browser_time(response: Response) -> float | None:
    """Return the milliseconds from the request to the end of the answer (to its begin when it redirects)."""
    timing = response.request.timing
    last = timing["responseEnd"] if timing["responseEnd"] > 0 else timing["responseStart"]
    return last - timing["requestStart"] if last > 0 else None
