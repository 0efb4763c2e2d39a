"""What scripts add to the sign-up: a number written in groups, and the list of what is still missing."""

from playwright.sync_api import Page, expect

DIGITS, KEY = "1920499999011", "37"


def test_number_is_grouped_once_left_and_never_while_it_is_typed(page: Page, live_server):
    page.goto(f"{live_server.url}/inscription/")
    number = page.get_by_label("Numéro de sécurité sociale")
    key = page.get_by_label("Clé", exact=True)

    number.press_sequentially(DIGITS)
    expect(number).to_have_value(DIGITS)
    key.focus()
    expect(number).to_have_value("1 92 04 99 999 011")
    number.fill(DIGITS[:9])
    key.focus()
    expect(number).to_have_value(DIGITS[:9])
    number.fill(DIGITS + KEY)
    key.focus()
    expect(number).to_have_value("1 92 04 99 999 011")
    expect(key).to_have_value(KEY)


def test_list_ticks_what_is_filled_in(page: Page, live_server):
    page.goto(f"{live_server.url}/inscription/")
    missing = page.get_by_role("list", name="Ce qu’il vous reste à remplir").get_by_role("listitem")

    expect(missing).to_have_count(10)
    page.get_by_label("Téléphone mobile").fill("06 39 98 00 09")
    page.get_by_role("checkbox").check()
    page.get_by_role("radio").first.check()

    texts = [" ".join(text.split()) for text in missing.all_inner_texts()]
    filled = [text for text in texts if text.startswith("rempli")]
    assert filled == [
        "rempli : Téléphone",
        "rempli : Contrôle de sécurité",
        "rempli : Conditions générales",
    ]
