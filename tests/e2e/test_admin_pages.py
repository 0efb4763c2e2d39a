"""Every list, form and history of the administration in a browser: axe, Nu, widths and targets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import Page

from tests import desk_rows
from tests.desk import sign_in
from tests.e2e.judges import axe_violations, nu_messages, prepare_axe
from tests.e2e.test_pages import FIT

WIDTHS = (320, 768, 1280)
MISSING = "/admin/rien/"
# Tables cut off, but for those in a named region that the keyboard moves.
LOST = """() => [...document.querySelectorAll("#content table")].flatMap(table => {
  const room = table.closest(".scroll") ?? table.parentElement;
  const isHeld = room.matches("[role=region][tabindex='0']:is([aria-label], [aria-labelledby])");
  return table.scrollWidth > room.clientWidth && !isHeld ? [`tableau ${table.id} coupé`] : [];
})"""


@pytest.fixture
def agent(live_server, page: Page, sasha, open_files) -> Client:
    """The client of somebody who sees everything, and rows of every kind; `page` is hers too."""
    desk_rows.fill(1, 2, agent=sasha)
    client = Client()
    sign_in(client, sasha)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return client


def address(owner: ModelAdmin, page: str, request: HttpRequest) -> str:
    """Return the address of a page of this model: of the first row of its list, where it is of a row."""
    name = f"admin:{owner.opts.app_label}_{owner.opts.model_name}_{page}"
    if page in {"changelist", "add"}:
        return reverse(name)
    return reverse(name, args=[owner.get_queryset(request).values_list("pk", flat=True).first()])


def seen(owner: ModelAdmin, request: HttpRequest) -> Iterator[str]:
    """Yield what a browser is to judge: the list, a row, and the form to add where rows cannot be changed."""
    yield address(owner, "changelist", request)
    yield address(owner, "change", request)
    if owner.has_add_permission(request) and not owner.has_change_permission(request):
        yield address(owner, "add", request)


@pytest.mark.slow  # eighty pages of three widths: the price of knowing all of them
def test_every_list_and_form_of_the_administration_is_sound(
    page: Page, live_server, agent, sasha, tmp_path: Path
):
    request = RequestFactory().get("/")
    request.user = sasha
    owners, faults, shown = list(admin.site._registry.values()), {}, []
    wanted = [one for owner in owners for one in seen(owner, request)]
    wanted.append(address(owners[0], "history", request))
    prepare_axe(page)

    for number, one in enumerate([*wanted, MISSING]):
        answer = page.goto(live_server.url + one)
        shown += [one] if answer.status == 200 and answer.url.endswith(one) else []
        (tmp_path / f"{number:03d}.html").write_text(answer.text())
        faults[one] = [*axe_violations(page), *misfits(page)]
    # one template for every history: the browser has judged one, the validator reads them all
    for owner in owners:
        history = agent.get(address(owner, "history", request))
        (tmp_path / f"{owner.opts.label_lower}.html").write_bytes(history.content)

    assert shown == wanted
    assert {one: found for one, found in faults.items() if found} == {}
    assert nu_messages(sorted(tmp_path.glob("*.html"))) == []


def misfits(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [
            f"{width}: {one}" for one in page.evaluate(FIT, ["100%", False]) + page.evaluate(LOST)
        ]
    return found
