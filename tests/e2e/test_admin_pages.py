"""Every list, form and history of the administration in a browser: axe, Nu, widths and targets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import Page

from tests import desk_rows
from tests.desk import sign_in
from tests.e2e.judges import axe_violations, nu_messages, prepare_axe
from tests.e2e.test_pages import FIT

WIDTHS = (320, 768, 1280)
# Tables cut off, but for those in a named region that the keyboard moves.
LOST = """() => [...document.querySelectorAll("#content table")].flatMap(table => {
  const room = table.closest(".scroll") ?? table.parentElement;
  const isHeld = room.matches("[role=region][tabindex='0']:is([aria-label], [aria-labelledby])");
  return table.scrollWidth > room.clientWidth && !isHeld ? [`tableau ${table.id} coupé`] : [];
})"""


@pytest.fixture
def addresses(live_server, page: Page, sasha, open_files) -> list[str]:
    """The pages of each registered model, and one that is missing; `page` is that of who sees them all."""
    desk_rows.fill(1, 2, agent=sasha)
    client = Client()
    sign_in(client, sasha)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    request = RequestFactory().get("/")
    request.user = sasha
    return [one for owner in admin.site._registry.values() for one in pages(owner, request)] + [
        f"{reverse('admin:index')}accounts/rien/"
    ]


def pages(owner: ModelAdmin, request) -> Iterator[str]:
    """Yield the list, the form to add if there is one, a row and its history."""
    name = f"admin:{owner.opts.app_label}_{owner.opts.model_name}"
    yield reverse(f"{name}_changelist")
    if owner.has_add_permission(request):
        yield reverse(f"{name}_add")
    key = owner.model._default_manager.values_list("pk", flat=True).first()
    yield from (reverse(f"{name}_{page}", args=[key]) for page in ("change", "history"))


@pytest.mark.slow  # 115 pages of three widths: the price of knowing all of them
def test_every_page_of_the_administration_is_sound(
    page: Page, live_server, addresses, tmp_path: Path
):
    faults = {}
    prepare_axe(page)

    for number, address in enumerate(addresses):
        answer = page.goto(live_server.url + address)
        (tmp_path / f"{number:03d}.html").write_text(answer.text())
        faults[address] = [*axe_violations(page), *misfits(page)]
    files = sorted(tmp_path.glob("*.html"))

    assert {address: found for address, found in faults.items() if found} == {}
    assert nu_messages(files) == []
    assert len(files) > 3 * len(admin.site._registry)


def misfits(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [
            f"{width}: {one}" for one in page.evaluate(FIT, ["100%", False]) + page.evaluate(LOST)
        ]
    return found
