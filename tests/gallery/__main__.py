"""Pictures of the portal: `make screens` writes var/screens/index.html and what it shows.

Each state of each role is taken four times: 360 and 1280 pixels wide, light and dark. Chosen ones:
make screens ARGS="inscription" takes the states whose name contains the word.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

from cpf_portal.ui.text import fold
from tests.bench.__main__ import wait_for
from tests.e2e.conftest import QUIET, find_chromium
from tests.net import free_port

SITE = Path("var/gallery")
SCREENS = Path("var/screens")
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")
WORDS = {"light": "clair", "dark": "sombre"}


def main() -> None:
    wanted = " ".join(sys.argv[1:])
    port = free_port()
    os.environ |= environment(port)
    for command in (["manage.py", "prepare"], ["-m", "tests.gallery.data"]):
        subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)
    with serving(port), browsing() as page:
        album = Album(page, wanted)
        album.take(f"http://127.0.0.1:{port}")
    SCREENS.joinpath("index.html").write_text(album.index(), encoding="utf-8")
    sys.stdout.write(f"{len(album.states)} états : {SCREENS}/index.html\n")


def environment(port: int) -> dict[str, str]:
    """Return what makes a development portal of the gallery, whose data a developer's never meet."""
    SITE.mkdir(parents=True, exist_ok=True)
    return {
        "PORTAL_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "cpf_portal.settings",
        "VAR_DIR": str(SITE.resolve()),
        "DATABASE_URL": f"sqlite:///{SITE.resolve()}/portal.sqlite3",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


@contextmanager
def serving(port: int) -> Iterator[None]:
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "cpf_portal.wsgi", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--threads", "4", "--log-level", "error",
        ],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def browsing() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=QUIET, chromium_sandbox=os.geteuid() != 0
        )
        yield browser.new_context(locale="fr-FR", reduced_motion="reduce").new_page()
        browser.close()


class Album:
    """The pictures of one tour, and the page that shows them."""

    def __init__(self, page: Page, wanted: str) -> None:
        self.page = page
        self.wanted = wanted
        self.states: list[tuple[str, str]] = []

    def take(self, url: str) -> None:
        django.setup()
        # here, since it needs the settings that main() has prepared
        from tests.gallery.tour import Tour  # noqa: PLC0415

        SCREENS.mkdir(parents=True, exist_ok=True)
        Tour(self.page, url, self.shot).run()

    def shot(self, role: str, name: str) -> None:
        if self.wanted not in f"{role} {name}":
            return
        self.states.append((role, name))
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                # the colours of the other scheme must not be on their way
                self.page.screenshot(
                    path=SCREENS / picture(role, name, width, scheme),
                    full_page=True,
                    animations="disabled",
                )

    def index(self) -> str:
        rows = "".join(self.row(role, name) for role, name in self.states)
        return (
            '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Les écrans du portail</title>'
            "<style>body{font:16px system-ui;margin:2rem}figure{display:inline-block;margin:.5rem;"
            "vertical-align:top}img{width:260px;border:1px solid #999;display:block}</style>"
            f"<h1>Les écrans du portail</h1>{rows}</html>"
        )

    @staticmethod
    def row(role: str, name: str) -> str:
        figures = "".join(
            f'<figure><a href="{file}"><img loading="lazy" src="{file}" alt="{escape(name)}"></a>'
            f"<figcaption>{width} px, {WORDS[scheme]}</figcaption></figure>"
            for width in WIDTHS
            for scheme in SCHEMES
            for file in [picture(role, name, width, scheme)]
        )
        return f"<h2>{role} : {escape(name)}</h2>{figures}"


def picture(role: str, name: str, width: int, scheme: str) -> str:
    slug = fold(name).replace(" ", "-") or "accueil"
    return f"{role}-{slug}-{width}-{scheme}.png".replace("/", "-")


if __name__ == "__main__":
    main()
