"""The installed application without a network: a page says so, and nothing personal was kept."""

from playwright.sync_api import Page, expect

from cpf_portal.demo import people
from tests.e2e import steps

KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const names = await caches.keys();
  const caches_ = await Promise.all(names.map((name) => caches.open(name)));
  const requests = await Promise.all(caches_.map((cache) => cache.keys()));
  return requests.flat().map((request) => new URL(request.url).pathname);
}"""


def test_without_network_the_application_says_so_and_keeps_nothing_personal(
    page: Page, live_server
):
    people.create(people.ALIX)
    steps.sign_in(page, live_server.url, people.ALIX)
    page.goto(f"{live_server.url}/application/")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{live_server.url}/mes-droits/")

    kept = page.evaluate(KEPT)
    # refused at the door of the network, for the worker's own requests too
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/mon-compte/")

    assert [path for path in kept if not path.startswith("/static/")] == ["/hors-connexion/"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous n’êtes pas connecté à Internet")
    expect(page.get_by_text("N’DIAYE")).to_have_count(0)
