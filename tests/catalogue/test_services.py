"""What a person keeps: once, so many, and from when its news count."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from catalogue import services
from catalogue.models import Favourite, SavedSearch
from catalogue.services import TooMany
from tests.factories import OfferFactory, UserFactory
from tests.parallel import in_parallel

TODAY = date(2026, 11, 23)


def save(user, query="quoi=anglais", **fields):
    values = {"name": "Anglais", "wants_news": False, "today": TODAY} | fields
    return services.save_search(user=user, query=query, **values)


@pytest.mark.django_db
def test_search_is_saved_once_and_keeps_its_name():
    user = UserFactory()

    first, is_new = save(user, name="Mon anglais")
    again, is_new_again = save(user, name="Autre", wants_news=True)

    assert (is_new, is_new_again, again.pk) == (True, False, first.pk)
    assert (again.name, again.wants_news) == ("Mon anglais", True)
    assert save(UserFactory())[1]


@pytest.mark.django_db
def test_so_many_searches_and_no_more(monkeypatch):
    monkeypatch.setattr(services, "MAX_SEARCHES", 2)
    user = UserFactory()
    save(user, "quoi=a")
    save(user, "quoi=b")

    with pytest.raises(TooMany, match="supprimez-en une"):
        save(user, "quoi=c")

    assert save(user, "quoi=b")[1] is False
    assert SavedSearch.objects.count() == 2


@pytest.mark.django_db
def test_news_begin_when_they_are_asked(index):
    OfferFactory()
    index()
    search, _ = save(UserFactory(), wants_news=True)
    later = OfferFactory()
    index()
    services.change_search(search=search, name="Anglais", wants_news=True, today=TODAY)
    assert search.newest_offer < later.pk
    services.change_search(search=search, name="Anglais", wants_news=False, today=TODAY)

    services.change_search(
        search=search, name="Anglais", wants_news=True, today=TODAY + timedelta(days=30)
    )

    search.refresh_from_db()
    assert (search.newest_offer, search.news_on) == (later.pk, TODAY + timedelta(days=30))


@pytest.mark.django_db
def test_search_is_saved_while_there_is_no_index():
    offer = OfferFactory()

    assert save(UserFactory())[0].newest_offer == offer.pk


@pytest.mark.django_db
def test_rows_refuse_in_french_what_services_never_write():
    search, _ = save(UserFactory())

    for twin, sentence in (
        (SavedSearch(user=search.user, query=search.query, name="x", news_on=TODAY), "déjà"),
        (SavedSearch(user=search.user, query="", name="x", news_on=TODAY), "un critère"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            twin.validate_constraints()


@pytest.mark.django_db
def test_favourite_is_kept_once_and_so_many(monkeypatch):
    monkeypatch.setattr(services, "MAX_FAVOURITES", 1)
    user, offer = UserFactory(), OfferFactory()

    assert services.add_favourite(user=user, offer=offer)
    assert not services.add_favourite(user=user, offer=offer)
    with pytest.raises(TooMany, match="retirez-en un"):
        services.add_favourite(user=user, offer=OfferFactory())

    assert services.remove_favourite(user=user, public_id=offer.public_id)
    assert not services.remove_favourite(user=user, public_id=offer.public_id)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_keep_one_of_each():
    user, offer = UserFactory(), OfferFactory()

    saved = in_parallel(lambda _: save(user), range(6))
    added = in_parallel(lambda _: services.add_favourite(user=user, offer=offer), range(6))

    assert sorted(is_new for _search, is_new in saved) == [False] * 5 + [True]
    assert sorted(added) == [False] * 5 + [True]
    assert (SavedSearch.objects.count(), Favourite.objects.count()) == (1, 1)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_searches_at_once_stay_within_the_limit(monkeypatch):
    monkeypatch.setattr(services, "MAX_SEARCHES", 3)
    user = UserFactory()

    results = in_parallel(lambda n: save(user, f"quoi=mot{n}"), range(8))

    assert sum(isinstance(result, TooMany) for result in results) == 5
    assert SavedSearch.objects.count() == 3
