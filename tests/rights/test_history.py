"""The history: years drawn and written, lines filtered and downloaded."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from rights.models import Movement, MovementKind, Pocket
from tests.factories import UserFactory
from tests.rights.ledger import give, give_dif, spend_dif
from tests.rights.test_views import SUMMARY, rows_of, text_of

pytestmark = pytest.mark.django_db


def test_years_are_drawn_and_written_with_the_same_figures(client):
    user = UserFactory()
    account = give(user.titulaire, 500_00, effective_on=date(2020, 4, 1)).account
    give_dif(user.titulaire, 360_00, effective_on=date(2022, 4, 1))
    spend_dif(account, 60_00, on=date(2023, 2, 1))
    client.force_login(user)

    response = client.get(SUMMARY)

    drawn = re.findall(
        r'chart__year"[^>]*>(\d+)<|chart__amount"[^>]*>([^<]+)<', response.content.decode()
    )
    flat = [year or amount for year, amount in drawn]
    years = list(zip(flat[::2], flat[1::2], strict=True))
    written = [(row[0][:4], row[3]) for row in rows_of(response, "par-annee")]
    assert years == written[::-1]
    assert years[:4] == [
        ("2020", "500,00\u00a0€"),
        ("2021", "500,00\u00a0€"),
        ("2022", "860,00\u00a0€"),
        ("2023", "800,00\u00a0€"),
    ]
    assert rows_of(response, "par-annee")[-4] == [
        "2023", "0,00\u00a0€", "−60,00\u00a0€", "800,00\u00a0€", "300,00\u00a0€",
    ]  # fmt: skip


def test_chart_has_a_title_a_description_and_no_code(client, camille):
    client.force_login(camille)

    svg = re.search(r"<svg class=\"chart\".*?</svg>", client.get(SUMMARY).content.decode(), re.S)[0]

    assert 'role="img"' in svg
    assert 'aria-labelledby="graphique-titre graphique-texte"' in svg
    assert "<title" in svg
    assert "<desc" in svg
    assert "style" not in svg
    assert "<script" not in svg


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ({"annee": "2021"}, ["500,00\u00a0€"]),
        ({"nature": "yearly_credit"}, ["105,00\u00a0€", "500,00\u00a0€", "500,00\u00a0€"]),
        ({"annee": "1999"}, ["105,00\u00a0€", "500,00\u00a0€", "500,00\u00a0€"]),
        ({"annee": "' OR 1=1"}, ["105,00\u00a0€", "500,00\u00a0€", "500,00\u00a0€"]),
        ({"nature": "x" * 500}, ["105,00\u00a0€", "500,00\u00a0€", "500,00\u00a0€"]),
    ],
)
def test_history_is_filtered_by_year_and_kind(client, camille, query, amounts):
    client.force_login(camille)

    response = client.get(SUMMARY, query)

    assert response.status_code == 200
    assert [row[3] for row in rows_of(response)] == amounts


def test_filtered_lines_keep_the_balance_of_the_whole_account(client, camille):
    client.force_login(camille)

    assert rows_of(client.get(SUMMARY, {"annee": "2021"}))[0][4] == "1000,00\u00a0€"


def test_filter_without_line_says_so_and_offers_the_way_back(client, camille):
    client.force_login(camille)

    response = client.get(SUMMARY, {"nature": "spend"})

    assert "Aucun mouvement ne correspond" in text_of(response)
    assert "Tout afficher" in text_of(response)
    assert f"{reverse('rights:history_csv')}?nature=spend" in response.content.decode()


def test_history_is_downloaded_as_a_spreadsheet(client):
    user = UserFactory()
    give(
        user.titulaire,
        1234_56,
        source='=HYPERLINK("http://mal.test")',
        effective_on=date(2021, 4, 1),
    )
    client.force_login(user)

    response = client.get(reverse("rights:history_csv"))

    lines = spreadsheet(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0][:3] == ["Date", "Nature", "Poche"]
    assert lines[1][:7] == [
        "01/04/2021", "Alimentation annuelle", "CPF", "2020", "1234,56", "1234,56",
        '\'=HYPERLINK("http://mal.test")',
    ]  # fmt: skip


def test_spreadsheet_holds_the_filtered_lines_of_its_owner(client, camille, alix):
    client.force_login(camille)

    lines = spreadsheet(client.get(reverse("rights:history_csv"), {"annee": "2021"}))

    assert [line[4:6] for line in lines[1:]] == [["500,00", "1000,00"]]


def test_spreadsheet_is_whole_and_sent_as_it_is_read(client):
    user = UserFactory()
    account = give(user.titulaire, 1_00).account
    Movement.objects.bulk_create(
        Movement(
            account=account,
            kind=MovementKind.YEARLY_CREDIT,
            pocket=Pocket.CPF,
            amount_cents=1_00,
            effective_on=date(2021, 5, 1),
            source="Région",
            idempotency_key=f"ligne:{n}",
        )
        for n in range(5_200)
    )
    client.force_login(user)

    response = client.get(reverse("rights:history_csv"))

    pieces = list(response.streaming_content)
    assert max(map(len, pieces)) < 20_000
    lines = b"".join(pieces).decode().splitlines()
    assert len(lines) == 1 + 5_201
    assert lines[1].split(";")[5] == "5201,00"
    assert lines[-1].split(";")[5] == "1,00"


def spreadsheet(response) -> list[list[str]]:
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))
