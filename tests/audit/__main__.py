"""One table of what machines can judge: axe, Nu, Lighthouse on a telephone, weight and requests.

`make audit` serves the portal with production settings and an operator (so that search engines are
welcome), judges every public page by axe-core and the Nu checker, weighs it, and gives the five main
pages to Lighthouse, ROUNDS times each: the median is kept. The end is a failure when a target is missed.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.audit.certificate import write_certificate
from tests.audit.judges import Verdict, lighthouse, nu_faults, weigh
from tests.bench.__main__ import gunicorn, wait_for
from tests.e2e.conftest import QUIET, find_chromium
from tests.e2e.judges import axe_violations
from tests.net import free_port
from tests.serve import prepare, serve_environment

FOLDER = Path("var/audit")
RESULTS = "/formations/?quoi=anglais&format=distance"
TEXTS = (
    "/comprendre/", "/comprendre/votre-compte/", "/aide/", "/mentions-legales/", "/cgu/",
    "/donnees-personnelles/", "/accessibilite/", "/plan-du-site/", "/application/",
    "/mot-de-passe/oublie/", "/assistance/demande/", "/nulle-part/",
)  # fmt: skip


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    port = free_port()
    environment = serve_environment(port, FOLDER) | {"PORTAL_OPERATOR": "Fonds Exemple"}
    prepare(environment)
    with serving(port, environment):
        verdicts = judge(f"https://127.0.0.1:{port}", rounds)
    sys.stdout.write("\n".join(table(verdicts)) + "\n")
    return 0 if all(verdict.is_good for verdict in verdicts) else 1


@contextmanager
def serving(port: int, environment: dict[str, str]) -> Iterator[None]:
    # TLS as in production: browsers ask for brotli, and keep the cookies, over it only
    key, certificate = write_certificate(FOLDER)
    tls = ["--keyfile", str(key), "--certfile", str(certificate)]
    server = subprocess.Popen([*gunicorn(port), *tls], env=environment)
    try:
        wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def judge(url: str, rounds: int) -> list[Verdict]:
    main_pages = ["/", "/inscription/", RESULTS, first_offer(url), "/connexion/"]
    verdicts = browse(url, [*main_pages, *TEXTS])
    for verdict in verdicts[: len(main_pages)]:
        verdict.scores = lighthouse(url + verdict.path, rounds)
    return verdicts


def first_offer(url: str) -> str:
    """Return the path of the first offer of the results."""
    with browsing() as page:
        page.goto(url + RESULTS)
        return page.locator(".list .card h2 a").first.get_attribute("href")


def browse(url: str, paths: list[str]) -> list[Verdict]:
    verdicts = []
    for path in paths:
        with browsing() as page:  # a new browser each time: nothing is in its cache
            requests, size, html = weigh(page, url + path)
            verdicts.append(Verdict(path, len(axe_violations(page)), 0, requests, size, html))
    for verdict, faults in zip(verdicts, nu_faults([v.html for v in verdicts]), strict=True):
        verdict.nu = faults
    return verdicts


@contextmanager
def browsing() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*QUIET, "--no-sandbox"]
        )
        context = browser.new_context(locale="fr-FR", ignore_https_errors=True)
        yield context.new_page()
        browser.close()


def table(verdicts: list[Verdict]) -> list[str]:
    heads = (
        f"{'page':40}{'perf':>6}{'acc':>5}{'bp':>5}{'seo':>5}{'axe':>5}{'Nu':>5}{'req':>5}{'ko':>7}"
    )
    return [heads, *(verdict.row() for verdict in verdicts)]


if __name__ == "__main__":
    sys.exit(main())
