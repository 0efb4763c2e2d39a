import pytest


@pytest.mark.django_db
def test_administration_says_that_it_is_a_demonstration_until_there_is_an_operator(
    client, sasha, settings
):
    client.force_login(sasha)
    band = "ce site n’est pas le site officiel"

    assert band in client.get("/admin/").content.decode()

    settings.PORTAL_OPERATOR = "Région Exemple"
    assert band not in client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_administration_index_is_in_french_and_holds_every_room(client, sasha):
    client.force_login(sasha)

    page = client.get("/admin/").content.decode()

    assert "Task Results" not in page
    for room in ("Titulaires", "Comptes", "Courriels", "Mouvements", "Offres de formation"):
        assert f">{room}<" in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_administration_has_no_inline_code(client, sasha, path):
    if path == "/admin/":
        client.force_login(sasha)

    page = client.get(path).content.decode()

    assert "<style" not in page
    assert ' style="' not in page
    assert "<script>" not in page
