"""The statement of rights: its code, its page, its PDF, and the check by support."""

from datetime import UTC, datetime, timedelta

import pytest

from rights.attestation_pdf import writable
from rights.models import Attestation
from rights.models.attestation import ALPHABET, normalise_code
from rights.services import issue_attestation
from tests.factories import UserFactory
from tests.rights.ledger import give, give_dif
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db
ISSUE = "/mes-droits/attestations/"
NOW = datetime(2026, 11, 22, 8, 5, tzinfo=UTC)


@pytest.fixture
def account():
    user = UserFactory()
    give_dif(user.titulaire, 360_00)
    return give(user.titulaire, 500_00).account


def issue(account, now=NOW) -> Attestation:
    return issue_attestation(account=account, now=now)


def test_attestation_keeps_the_amounts_under_a_code_of_its_own(account):
    attestation = issue(account)

    assert (attestation.cpf_cents, attestation.dif_cents, attestation.total_cents) == (
        500_00,
        360_00,
        860_00,
    )
    assert len(attestation.code) == 16
    assert set(attestation.code) <= set(ALPHABET)
    assert Attestation.objects.get(pk=attestation.pk).is_genuine


def test_same_statement_asked_again_is_the_same(account):
    first = issue(account)

    assert issue(account, NOW + timedelta(minutes=5)) == first
    assert issue(account, NOW + timedelta(minutes=11)) != first
    give(account.titulaire, 1_00)
    assert issue(account, NOW + timedelta(minutes=5)).total_cents == 861_00


def test_changed_amount_is_found(account):
    attestation = issue(account)
    Attestation.objects.filter(pk=attestation.pk).update(cpf_cents=5_000_00)

    assert not Attestation.objects.get(pk=attestation.pk).is_genuine


@pytest.mark.parametrize(
    "typed", ["abcd-efgh-0123-4567", "ABCD EFGH OI23 4567", "abcdefghol234567"]
)
def test_code_is_found_however_it_is_typed(typed):
    assert normalise_code(typed) == "ABCDEFGH01234567"


def test_person_gets_a_page_and_a_pdf(client, account):
    user = UserFactory(titulaire__birth_name="N’Diaye-Mélinand")
    give(user.titulaire, 1105_00)
    client.force_login(user)

    response = client.post(ISSUE)

    attestation = Attestation.objects.get()
    assert response.url == f"{ISSUE}{attestation.readable_code}/"
    page = text_of(client.get(response.url))
    assert "N’Diaye-Mélinand" in page
    assert "1105,00\u00a0€ Dont 0,00\u00a0€ de DIF" in page
    assert f"Code de vérification\u00a0: {attestation.readable_code}" in page
    assert "n’est pas le site officiel" in page
    pdf = client.get(f"{ISSUE}{attestation.readable_code}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"].startswith("attachment;")
    assert pdf.content.startswith(b"%PDF-1.")
    assert b"/Lang (fr-FR)" in pdf.content
    assert b"/JavaScript" not in pdf.content
    assert len(pdf.content) < 60_000


def test_page_tells_what_was_true_then(client, account):
    user = account.titulaire.user
    client.force_login(user)
    address = client.post(ISSUE).url
    give(user.titulaire, 77_00)

    page = text_of(client.get(address))

    assert "860,00\u00a0€ Dont 360,00\u00a0€ de DIF" in page
    assert "937,00" not in page
    assert "77,00" not in page


def test_attestation_of_somebody_else_does_not_exist(client, account):
    attestation = issue(account)
    client.force_login(UserFactory())

    assert client.get(f"{ISSUE}{attestation.code}/").status_code == 404
    assert client.get(f"{ISSUE}{attestation.code}.pdf").status_code == 404
    client.logout()
    assert client.get(f"{ISSUE}{attestation.code}/").status_code == 302


@pytest.mark.parametrize("code", ["0", "A" * 200, "<b>"])
def test_code_that_means_nothing_is_not_found(client, account, code):
    client.force_login(account.titulaire.user)

    assert client.get(f"{ISSUE}{code}/").status_code == 404


def test_issuing_is_a_post(client, account):
    client.force_login(account.titulaire.user)

    assert client.get(ISSUE).status_code == 405
    assert not Attestation.objects.exists()


def test_empty_account_has_its_attestation_too(client):
    client.force_login(UserFactory())

    page = text_of(client.get(client.post(ISSUE).url))

    assert "0,00\u00a0€ Dont 0,00\u00a0€ de DIF" in page


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("N’Diaye-Mélinand Œuf €", "N’Diaye-Mélinand Œuf €"),
        ("Dvořák Nguyễn", "Dvorák Nguyen"),
        ("1\u202f105", "1\u00a0105"),
        ("Лев", "???"),
        ("e\u0301", "e"),
    ],
)
def test_pdf_writes_the_letters_that_its_font_has(text, written):
    assert writable(text) == written
