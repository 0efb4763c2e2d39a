"""A real browser on the live server: Debian's chromium, else the one that npm brings (no root)."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
# Without these, Chromium looks for its own servers on the network at every start.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


def needs(path: Path) -> None:
    """Skip a journey that lacks its tools on a tester's own machine; in CI it fails instead."""
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip(f"{path.name} manque : « make test » installe les outils du navigateur")


def find_chromium() -> str:
    """Return the path of a Chromium: Debian's, else the one of npm."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    needs(MODULES / "@sparticuz")
    script = "import('@sparticuz/chromium').then(async m => console.log(await m.default.executablePath()))"
    folder = tempfile.mkdtemp(prefix="portal-chromium-")
    done = subprocess.run(
        ["node", "-e", script],
        cwd=HERE,
        env={**os.environ, "TMPDIR": folder},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "chromium_sandbox": os.geteuid() != 0,
        "args": QUIET,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def page(page, live_server):
    """A page whose paths are those of the portal, and which fails on a script error or a CSP refusal."""
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: line.type == "error" and faults.append(line.text))
    page.set_default_timeout(8000)
    yield page
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


@pytest.fixture(params=["avec script", "sans script"])
def any_page(request, browser, page):
    """The page of a person whose browser runs scripts, then of one whose browser does not."""
    if request.param == "avec script":
        yield page
        return
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    yield context.new_page()
    context.close()
