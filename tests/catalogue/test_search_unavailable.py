"""Without an index the page says so, and the log tells the operator what to run."""

from catalogue.search import generations
from tests.factories import OfferFactory


def test_missing_index_is_a_clear_page_and_a_line_for_the_operator(client, db, caplog):
    response = client.get("/formations/?quoi=anglais")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "La recherche de formations est momentanément indisponible" in response.content.decode()
    assert 'href="/formations/?quoi=anglais"' in response.content.decode()
    assert "rebuild_index" not in response.content.decode()
    assert "python manage.py rebuild_index" in caplog.text


def test_damaged_index_is_the_same_page_until_rebuilt(index, client):
    OfferFactory(title="Anglais")
    index()
    (generations.current() / "offers" / "meta.json").write_text("{")
    assert client.get("/formations/?quoi=anglais").status_code == 503

    index()

    assert client.get("/formations/?quoi=anglais").status_code == 200
