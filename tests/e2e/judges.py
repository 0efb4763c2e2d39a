"""axe-core and the Nu checker, for the tests and for `make audit`."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.conftest import MODULES, needs

AXE = MODULES / "axe-core" / "axe.min.js"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
# What passed is neither described nor sent over the pipe: that took two thirds of the time.
# No preloading either: it serves no rule asked here, and writes styles that the policy refuses.
JUDGE = """async rules => {
  const options = {runOnly: rules, resultTypes: ["violations"], selectors: false, preload: false};
  const {violations} = await axe.run(document, options);
  return violations.map(({id, nodes}) => [id, nodes.map(({html}) => html.slice(0, 120))]);
}"""
# a run of seconds is over before the second compiler has paid for itself
JAVA = ["java", "-Xss2m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def prepare_axe(page: Page) -> None:
    """Give the browser axe-core once, for all the pages that `page` is going to show."""
    needs(AXE)
    page.add_init_script(path=AXE)


def axe_violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the open page breaks, with the elements that break them."""
    needs(AXE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [(rule, elements) for rule, elements in page.evaluate(JUDGE, RULES)]


def nu_messages(files: Iterable[Path]) -> list[tuple[str, str, str | None]]:
    """Return (name of the file, message, extract) for each fault of the HTML `files`."""
    needs(VNU)
    done = subprocess.run(
        [*JAVA, "-jar", str(VNU), "--format", "json", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        (Path(message["url"]).name, message["message"], message.get("extract"))
        for message in json.loads(done.stderr)["messages"]
    ]
