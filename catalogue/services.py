"""What a signed-in person keeps of the catalogue: searches, and offers put aside."""

from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from catalogue.models import Favourite, Offer, SavedSearch
from catalogue.search import IndexUnavailable, newest_offer

MAX_SEARCHES = 20
MAX_FAVOURITES = 100


class TooMany(Exception):
    """The person keeps as many as she may; the message is a French sentence that says what to do."""


@transaction.atomic
def save_search(
    *, user: AbstractBaseUser, query: str, name: str, wants_news: bool, today: date
) -> tuple[SavedSearch, bool]:
    """Save a search of `user` and return it, with whether it is a new one: twice the same makes one.

    `query` is what catalogue.saved.queries writes. A search saved already keeps its name, and gets its
    weekly mail when that is asked. Raises TooMany beyond MAX_SEARCHES.
    """
    _one_at_a_time(user)
    kept = SavedSearch.objects.of(user)
    if known := kept.filter(query=query).first():
        if wants_news:
            change_search(search=known, name=known.name, wants_news=True, today=today)
        return known, False
    if kept.count() >= MAX_SEARCHES:
        raise TooMany(
            f"Vous avez déjà {MAX_SEARCHES} recherches enregistrées\u00a0:"
            " supprimez-en une pour enregistrer celle-ci."
        )
    search = SavedSearch(user_id=user.pk, query=query, name=name, wants_news=wants_news)
    _start_from(search, today)
    search.save(force_insert=True)
    return search, True


@transaction.atomic
def change_search(*, search: SavedSearch, name: str, wants_news: bool, today: date) -> None:
    """Rename a search, and begin or end its weekly mail: what came meanwhile is not told afterwards."""
    if wants_news and not search.wants_news:
        _start_from(search, today)
    search.name, search.wants_news = name, wants_news
    search.save()


@transaction.atomic
def add_favourite(*, user: AbstractBaseUser, offer: Offer) -> bool:
    """Put an offer aside for `user`; tell whether it was not yet. Raises TooMany beyond MAX_FAVOURITES."""
    _one_at_a_time(user)
    kept = Favourite.objects.of(user)
    if kept.filter(public_id=offer.public_id).exists():
        return False
    if kept.count() >= MAX_FAVOURITES:
        raise TooMany(
            f"Vous avez déjà {MAX_FAVOURITES} favoris\u00a0: retirez-en un pour ajouter celui-ci."
        )
    Favourite.objects.create(user_id=user.pk, public_id=offer.public_id, title=offer.title)
    return True


def remove_favourite(*, user: AbstractBaseUser, public_id: str) -> bool:
    """Take an offer out of what `user` put aside; tell whether it was there."""
    removed, _ = Favourite.objects.of(user).filter(public_id=public_id).delete()
    return bool(removed)


def _one_at_a_time(user: AbstractBaseUser) -> None:
    """Let a double click wait for the first one; SQLite has one writer at a time already."""
    get_user_model().objects.select_for_update().only("pk").get(pk=user.pk)


def _start_from(search: SavedSearch, today: date) -> None:
    """Count as news what comes from now on."""
    search.news_on, search.newest_offer = today, _newest_known()


def _newest_known() -> int:
    try:
        return newest_offer()
    except IndexUnavailable:
        return Offer.objects.aggregate(newest=Max("pk"))["newest"] or 0
