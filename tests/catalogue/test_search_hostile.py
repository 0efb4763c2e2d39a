"""Whatever is typed is text: in the address, in the form and in what providers wrote."""

import pytest
from django.test import Client
from django.utils.html import escape

from tests.factories import CertificationFactory, CommuneFactory, OfferFactory, ProviderFactory


@pytest.fixture
def plain_client():
    """Django's own: ours would take braces in a text for a tag that was not rendered."""
    return Client()


HOSTILE = [
    "\0", "a\0b", "%00", "\ud800".encode(errors="surrogatepass"), b"\xff\xfe", "%%%%%",
    "' OR 1=1 --", '"><script>alert(1)</script>', "{{ 7*191 }}", "../../etc/passwd", "[]", "*:*",
    "title:anglais", "(((((", '"', "\\", "a" * 100_000, "mot " * 5000, "🙂", "\u202eabc", "\u0301",
    "(a+)+$", "~2", "^9", "AND OR NOT",
]  # fmt: skip


@pytest.mark.parametrize("name", ["quoi", "ou", "format", "rayon", "tri", "page"])
def test_hostile_value_is_text(name, index, plain_client, subtests):
    OfferFactory(title="Anglais")
    index()
    for value in HOSTILE:
        with subtests.test(repr(value)[:30]):
            response = plain_client.get("/formations/", {name: value})

            assert response.status_code in {200, 404, 422}
            assert b"<script>alert" not in response.content
            assert b"1337" not in response.content


def test_raw_query_strings_never_fail(index, client, subtests):
    index()
    for query in [
        "quoi=%ED%A0%80",
        "quoi=%00",
        "quoi=%C3",
        "quoi[]=1",
        "&&&",
        "=",
        "quoi",
        "page=%31",
    ]:
        with subtests.test(query):
            assert client.get(f"/formations/?{query}").status_code == 200


PAYLOADS = [
    "<script>window.__xss=1</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{% load x %}{{ settings.SECRET_KEY }}",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_of_the_catalogue_is_text_on_the_card(payload, index, plain_client):
    OfferFactory(
        title=f"Anglais {payload}"[:255],
        provider=ProviderFactory(name=payload),
        certification=CertificationFactory(code=payload[:12]),
        commune=CommuneFactory(name=payload),
    )
    index()

    page = plain_client.get("/formations/", {"quoi": "anglais"}).content.decode()

    assert escape(payload) in page
    assert payload not in page or payload == escape(payload)


NUMBERS = ["2850599999001", "2 85 05 99 999 001 52", "2-85-05-99-999-001", "1 85 05 2A 999 001"]


@pytest.mark.parametrize("name", ["quoi", "ou"])
@pytest.mark.parametrize("number", NUMBERS)
def test_number_typed_as_a_search_leaves_the_address_and_is_kept_nowhere(
    name, number, index, client
):
    OfferFactory(title="Anglais")
    index()

    response = client.get("/formations/", {name: number, "format": "centre"}, follow=True)

    assert response.redirect_chain == [("/formations/?format=centre&retire=numero", 302)]
    assert "Votre recherche ressemblait à un numéro de sécurité sociale" in response.text
    assert number not in response.text


@pytest.mark.parametrize(
    "words", ["anglais 2850", "CACES R489", "31000", "RNCP 35663", "0561000000"]
)
def test_other_digits_stay_in_the_address(words, index, client):
    OfferFactory(title="Anglais")
    index()

    response = client.get("/formations/", {"quoi": words})

    assert response.status_code == 200
    assert words in response.text


@pytest.mark.parametrize("address", ["/formations/lieux/", "/formations/sujets/"])
def test_number_being_typed_suggests_nothing(address, index, client):
    index()

    response = client.get(address, {"q": NUMBERS[0]})

    assert response.json() == {"groups": []}
