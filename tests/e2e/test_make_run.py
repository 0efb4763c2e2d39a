"""`make run` as a newcomer types it, then the three steps of the seed and a search in a browser."""

import os
import re
import signal
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cpf_portal.demo import people
from tests.e2e import steps
from tests.net import free_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
NEWCOMER = people.REGISTER[0]
START_SECONDS = 90


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """Start `make run` on data of its own, yield its address and its folder, then press Ctrl-C."""
    folder, port = tmp_path_factory.mktemp("portail"), free_port()
    unset = {"PORTAL_ENV", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    wait_for(f"http://127.0.0.1:{port}/sante/", process)
    yield f"http://127.0.0.1:{port}", folder
    os.killpg(process.pid, signal.SIGINT)
    printed = process.communicate(timeout=20)[0]
    assert f"http://127.0.0.1:{port}/" in printed
    assert all(person.password in printed for person in people.PEOPLE)
    with pytest.raises(ProcessLookupError):  # nothing of the group is left
        os.killpg(process.pid, 0)


def wait_for(address, process):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 our own address
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise AssertionError(process.communicate()[0])


def choose_picture(page: Page, folder: Path) -> None:
    """Look the answer up where the server keeps it: there is no test mode."""
    with sqlite3.connect(folder / "portal.sqlite3") as database:
        (response,) = database.execute(
            "SELECT response FROM captcha_captchastore WHERE hashkey = ?", [steps.captcha_key(page)]
        ).fetchone()
    database.close()
    index = int(response.partition(":")[0])
    page.get_by_role("radio", name=f"Image {index + 1}", exact=True).check()


def test_newcomer_signs_up_confirms_and_finds_a_training(browser, portal):
    url, folder = portal
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()

    steps.open_signup(page, url)
    steps.fill_identity(page, NEWCOMER, "martin@example.org")
    choose_picture(page, folder)
    steps.accept_terms(page)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")

    page.goto(f"{url}/demo/courriels/")
    page.get_by_role("main").get_by_role(
        "link", name=re.compile("compte|inscription", re.I)
    ).first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("confirmation")).click()
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_text("Votre compte a bien été activé")).to_be_visible()

    page.goto(url)
    page.get_by_label("Formation, métier, compétence").fill("permis B")
    page.get_by_label("En centre de formation").check()
    page.get_by_label("Ville ou code postal").fill("31000")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("30 km de Toulouse")
    page.locator("ol.list h2 a, ol.list h3 a").first.click()
    expect(page.get_by_role("heading", level=2, name="Sessions")).to_be_visible()
    context.close()
