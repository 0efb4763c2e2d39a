import pytest

from tests.factories import CommuneFactory


@pytest.fixture
def toulouse(db):
    return CommuneFactory(
        code="31555", name="Toulouse", postcodes=" 31000 ", department="31", population=500_000
    )


def test_suggestions_are_labels(client, toulouse):
    response = client.get("/formations/lieux/", {"q": "toul"})

    assert response.json() == {"groups": [{"labels": ["Toulouse (31000)"]}]}
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in response.headers


def test_suggestions_are_at_most_eight(client, db):
    for number in range(12):
        CommuneFactory(code=f"310{number:02d}", name=f"Saint-Exemple-{number}")

    (group,) = client.get("/formations/lieux/", {"q": "saint"}).json()["groups"]

    assert len(group["labels"]) == 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t",
        "\0",
        "a\0b",
        b"\xff",
        "x" * 100_000,
        "<script>",
        "%",
        "_",
        "'",
        "🙂🙂",
        "\u0301\u0301",
    ],
)
def test_any_text_is_answered(text, client, toulouse):
    response = client.get("/formations/lieux/", {"q": text})

    assert response.status_code == 200
    assert isinstance(response.json()["groups"], list)


def test_missing_text_is_answered(client, db):
    assert client.get("/formations/lieux/").json() == {"groups": []}


def test_answer_to_a_signed_in_person_is_not_kept(client, camille):
    client.force_login(camille)

    response = client.get("/formations/lieux/", {"q": "toul"})

    assert response.headers["Cache-Control"] == "no-store"
