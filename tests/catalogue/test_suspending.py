"""A suspended provider is out of every page at the next request: here the index is never updated."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalogue.models import Provider, ProviderSuspension
from catalogue.search import SearchCriteria, count_within, news_of, search, suggest_labels
from catalogue.suspending import resume_provider, suspend_provider
from cpf_portal import sitemaps
from tests.factories import OfferFactory, ProviderFactory

pytestmark = pytest.mark.django_db
REASON = "signalement n° 214, démarchage"


@pytest.fixture
def offers(index):
    """Fifteen offers of two providers; those of the second one come first."""
    honest, dubious = ProviderFactory(), ProviderFactory()
    kept = [OfferFactory(title=f"Anglais niveau {n}", provider=honest) for n in range(3)]
    gone = [OfferFactory(title=f"Anglais express {n}", provider=dubious) for n in range(12)]
    index()
    return kept, gone


def suspend(provider, author):
    return suspend_provider(provider=provider, reason=REASON, author=author, now=timezone.now())


def test_search_counts_and_pages_are_true_before_the_index_follows(offers, sasha, client):
    kept, gone = offers
    today = timezone.localdate()
    criteria = SearchCriteria(words="anglais")
    assert search(criteria, today=today).total == 15

    suspend(gone[0].provider, sasha)
    found = search(criteria, today=today)

    assert (found.total, found.cards, found.last_page) == (3, 3, 1)
    assert {hit.offer for hit in found.hits} == set(kept)
    assert sum(found.counts["modalite"].values()) == 3
    assert count_within(criteria, 10**9, today=today) == 3
    assert "express" not in client.get("/formations/?quoi=anglais").content.decode()
    assert {label.text for label in suggest_labels("anglais")} == {o.title for o in kept}
    assert {hit.offer for hit in news_of(criteria, after=0, today=today).hits} == set(kept)
    assert news_of(criteria, after=0, today=today).total == 3


def test_words_that_another_provider_uses_too_are_still_proposed(index, sasha):
    one, other = (OfferFactory(title="Soudure à l’arc") for _ in range(2))
    index()
    suspend(one.provider, sasha)
    assert [label.text for label in suggest_labels("soudure")] == ["Soudure à l’arc"]

    suspend(other.provider, sasha)

    assert suggest_labels("soudure") == []


def test_offer_page_says_it_without_a_word_of_the_provider(offers, sasha, client):
    kept, gone = offers
    address = gone[0].get_absolute_url()
    assert client.get(address).status_code == 200

    suspend(gone[0].provider, sasha)
    answer = client.get(address)

    page = answer.content.decode()
    assert answer.status_code == 410
    assert answer.headers["Cache-Control"] == "no-cache"  # a browser keeps a 410 for ever, else
    assert "n’est plus proposée sur le portail" in page
    assert gone[0].title not in page
    assert gone[0].provider.name not in page
    similar = client.get(kept[0].get_absolute_url()).content.decode()
    assert "express" not in similar


def test_sitemap_and_export_leave_him_out(offers, sasha, tmp_path):
    kept, gone = offers
    suspend(gone[0].provider, sasha)
    call_command("export_catalogue", str(tmp_path / "lheo.xml"), verbosity=0)

    written = (tmp_path / "lheo.xml").read_text(encoding="utf-8")
    assert "express" not in written
    assert kept[0].title in written
    assert list(sitemaps.OfferSitemap().items()) == kept


def test_resumed_provider_is_found_again(offers, sasha, index):
    _, gone = offers
    provider = gone[0].provider
    suspend(provider, sasha)
    index()
    resumed = resume_provider(
        provider=provider, reason="enquête close", author=sasha, now=timezone.now()
    )
    index()

    assert resumed
    assert search(SearchCriteria(words="express"), today=timezone.localdate()).total == 12


def test_suspension_is_written_once_and_kept_when_it_is_over(sasha):
    provider = ProviderFactory()
    assert suspend(provider, sasha)
    assert suspend(provider, sasha) is None

    now = timezone.now()
    assert resume_provider(provider=provider, reason="enquête close", author=sasha, now=now)
    assert not resume_provider(provider=provider, reason="encore", author=sasha, now=now)

    assert not Provider.objects.get().is_suspended
    kept = ProviderSuspension.objects.get()
    assert (kept.reason, kept.author, kept.resume_reason) == (REASON, sasha, "enquête close")
