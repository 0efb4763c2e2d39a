import pytest
from django.test import Client
from django.urls import reverse

from cpf_portal.errors import static_page
from tests.html import check_page


@pytest.mark.django_db
def test_unknown_host_is_refused_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/", headers={"host": "exemple.invalid"})

    assert response.status_code == 400
    assert "<h1" in response.content.decode()


@pytest.mark.django_db
def test_missing_csrf_token_explains_what_to_do():
    response = Client(enforce_csrf_checks=True).post(reverse("accounts:login"), {"nir": "1"})

    page = response.content.decode()
    assert response.status_code == 403
    check_page(page)
    assert "actualisez" in page.lower() or "rechargez" in page.lower()


@pytest.mark.django_db
def test_enormous_request_is_refused_with_its_own_status(client):
    response = client.post(reverse("accounts:login"), {"nir": "1" * 300_000})

    assert response.status_code == 413


@pytest.mark.django_db
def test_thousands_of_fields_are_refused(client):
    response = client.post(reverse("accounts:login"), {f"champ{n}": "" for n in range(1200)})

    assert response.status_code == 400


@pytest.mark.django_db
def test_staff_page_is_refused_to_a_citizen(client, camille):
    client.force_login(camille)

    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/admin/login/")


def test_plain_pages_are_complete():

    for name in ("500.html", "503.html", "request_refused.html"):
        outline = check_page(static_page(name))

        assert outline.links
