"""The terms: the text in force, those that were, and which one the person accepted."""

from datetime import date

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

from cpf_portal.pages import terms, views
from tests.cpf_portal.pages.reading import read

pytestmark = pytest.mark.django_db

CURRENT = terms.VERSIONS[0]


@pytest.fixture
def former(monkeypatch):
    """A version that ended the day before the one in force began; its text is the only one there is."""

    class Former(terms.Terms):
        template = CURRENT.template

    version = Former("2025-01", date(2025, 1, 6), "première version.", date(2026, 10, 31))
    for module in (terms, views):
        monkeypatch.setattr(module, "VERSIONS", (CURRENT, version))
    return version


def text_of(client, number=None):
    url = reverse("pages:terms_version", args=[number]) if number else reverse("pages:terms")
    answer = client.get(url)
    assert answer.status_code == 200
    return read(answer.content.decode()).text


def test_sign_up_keeps_the_version_in_force(client):
    assert CURRENT.number == settings.CGU_VERSION
    assert CURRENT.ended_on is None
    assert f"Version {settings.CGU_VERSION}, en vigueur" in text_of(client)


def test_every_version_has_its_text_and_its_days():
    days = [version.applied_on for version in terms.VERSIONS]

    assert days == sorted(days, reverse=True)
    assert all(get_template(version.template) for version in terms.VERSIONS)
    assert all(version.ended_on for version in terms.VERSIONS[1:])


def test_version_in_force_has_an_address_that_lasts(client):
    assert "n’est plus en vigueur" not in text_of(client, CURRENT.number)


def test_former_version_is_listed_and_says_that_it_ended(client, former):
    page = read(client.get(reverse("pages:terms")).content.decode())
    old = text_of(client, former.number)

    assert reverse("pages:terms_version", args=["2025-01"]) in {link.href for link in page.links}
    assert "n’est plus en vigueur" in old
    assert "31 octobre 2026" in old
    assert "1. Objet" in old


def test_unknown_version_is_not_found(client):
    assert client.get("/cgu/1999-01/").status_code == 404


def test_person_reads_which_version_she_accepted_and_when(client, camille, former):
    client.force_login(camille)
    camille.cgu_accepted_at = camille.cgu_accepted_at.replace(year=2026, month=11, day=3)
    camille.save()

    assert "Vous avez accepté cette version le 3 novembre 2026." in text_of(client)
    assert "Vous avez accepté la version 2026-11 le 3 novembre 2026." in text_of(client, "2025-01")


def test_visitor_is_told_of_no_agreement(client):
    assert "Vous avez accepté" not in text_of(client)


def test_profile_leads_to_the_accepted_version(client, camille):
    client.force_login(camille)
    page = client.get(reverse("accounts:profile")).content.decode()

    assert reverse("pages:terms_version", args=[camille.cgu_version]) in page
    assert camille.cgu_version == CURRENT.number
