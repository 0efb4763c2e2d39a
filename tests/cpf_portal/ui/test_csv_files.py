import csv
import io

import pytest

from cpf_portal.ui.csv_files import Amount, csv_response, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://mal.test")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
        "＝1", "＋1", "－1", "＠A", " =1", "\u00a0=1", "\ufeff=1",
    ],
)  # fmt: skip
def test_formula_becomes_a_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["DSN", "3-4", "a=b", "", "L’employeur", "« oui »"])
def test_text_stays_itself(text):
    assert safe_cell(text) == text


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


def test_file_opens_in_a_french_spreadsheet():
    response = csv_response(
        name="droits.csv",
        header=["Motif", "Montant", "Année"],
        rows=[
            ['Écrit ; avec « ; » et "guillemets"', Amount(-110550), 2020],
            ["=1+1", Amount(5), ""],
        ],
    )

    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="droits.csv"'
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) == [
        ["Motif", "Montant", "Année"],
        ['Écrit ; avec « ; » et "guillemets"', "-1105,50", "2020"],
        ["'=1+1", "0,05", ""],
    ]
