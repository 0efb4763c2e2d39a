"""The offers as search engines find them, in parts; a demonstration hides."""

import re

import pytest
from django.utils import timezone

from cpf_portal import sitemaps
from tests.factories import OfferFactory

pytestmark = pytest.mark.django_db


def locations(answer):
    assert answer.status_code == 200
    return re.findall(r"<loc>([^<]*)</loc>", answer.content.decode())


@pytest.fixture
def _indexed(settings):
    settings.NOINDEX = False


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-formations.xml", "/sitemap-pages.xml"])
def test_demonstration_has_none(path, client):
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("_indexed")
def test_parts_hold_every_published_offer_once(client, monkeypatch):
    monkeypatch.setattr(sitemaps.OfferSitemap, "limit", 2)
    offers = OfferFactory.create_batch(3)
    OfferFactory(removed_at=timezone.now())
    OfferFactory(provider__is_suspended=True)

    parts = locations(client.get("/sitemap.xml"))
    found = [url for part in parts if "formations" in part for url in locations(client.get(part))]

    assert len(parts) == 3
    assert found == [f"http://testserver{offer.get_absolute_url()}" for offer in offers]


@pytest.mark.usefixtures("_indexed")
def test_pages_of_the_sitemap_open(client):
    urls = locations(client.get("/sitemap-pages.xml"))

    assert "http://testserver/comprendre/dif/" in urls
    assert len(urls) == len(set(urls)) >= len(sitemaps.PAGES)


@pytest.mark.usefixtures("_indexed")
def test_index_costs_no_more_with_more_offers(client, django_assert_num_queries):
    OfferFactory.create_batch(3)
    with django_assert_num_queries(2):
        client.get("/sitemap.xml")


@pytest.mark.usefixtures("_indexed")
@pytest.mark.parametrize(
    "path", ["/sitemap-autre.xml", "/sitemap-formations.xml?p=99", "/sitemap-formations.xml?p=a"]
)
def test_unknown_part_is_404(path, client):
    assert client.get(path).status_code == 404
