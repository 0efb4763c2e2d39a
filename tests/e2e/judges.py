"""axe-core and the Nu checker, for the tests and for `make audit`."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.conftest import MODULES, needs

AXE = MODULES / "axe-core" / "axe.min.js"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the open page breaks, with the elements that break them."""
    needs(AXE)
    page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in result["violations"]]


def nu_messages(files: Iterable[Path]) -> list[tuple[str, str, str | None]]:
    """Return (name of the file, message, extract) for each fault of the HTML `files`."""
    needs(VNU)
    done = subprocess.run(
        ["java", "-jar", str(VNU), "--format", "json", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        (Path(message["url"]).name, message["message"], message.get("extract"))
        for message in json.loads(done.stderr)["messages"]
    ]
