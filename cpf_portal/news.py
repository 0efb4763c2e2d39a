"""The mail of the week: what came since the last one for the searches of which a person wants the news.

It stands here because it needs the three rooms: whom to write to, what she may spend, what is new.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.models.mail import MailKind
from accounts.services import post_mail
from catalogue.models import Modality, Offer, SavedSearch
from catalogue.saved import queries
from catalogue.search import News, newest_offer, news_of
from catalogue.templatetags.catalogue import department_name, town
from cpf_portal.ui.formats import euros
from rights.models import RightsAccount

MOST_TOLD = 10
BATCH = 500

Found = list[tuple[SavedSearch, News]]


@dataclass(slots=True)
class Told:
    """What a run did: searches looked at, mails promised, trainings that are new for these searches."""

    searches: int = 0
    mails: int = 0
    trainings: int = 0

    def add(self, found: Found) -> None:
        self.searches += len(found)
        self.mails += any(news.hits for _search, news in found)
        self.trainings += sum(news.total for _search, news in found)


def send_news(*, today: date, is_dry_run: bool = False) -> Told:
    """Promise a mail to each person whose week is over and whose searches found something new.

    Each person is one transaction: killed, the next run goes on; twice the same day, or twice at once,
    a mail is promised once. Raises IndexUnavailable when there is no index to read.
    """
    told = Told()
    for pk in _people_due(today):
        told.add(_look(_reader(pk), today) if is_dry_run else _tell(pk, today))
    return told


def _people_due(today: date) -> Iterator[int]:
    """Yield the accounts one after the other, read a batch at a time: they may be a great many."""
    last = 0
    due = SavedSearch.objects.due(today).order_by("user").values_list("user", flat=True).distinct()
    while batch := list(due.filter(user__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1]


def _reader(pk: int) -> User | None:
    return User.objects.wanting_news().select_related("titulaire").filter(pk=pk).first()


@transaction.atomic
def _tell(pk: int, today: date) -> Found:
    """Look at all the searches of a person, so that they come together in one mail a week."""
    # of two runs at once one updates the rows, and the other finds none due any more
    if not SavedSearch.objects.due(today).filter(user=pk).update(news_on=today):
        return []
    user = _reader(pk)
    if user is None:  # what comes while she may not be written to is not told afterwards
        _wanted(pk).update(news_on=today, newest_offer=newest_offer())
        return []
    found = _look(user, today)
    for search, news in found:
        _wanted(pk).filter(pk=search.pk).update(news_on=today, newest_offer=news.newest)
    if searches := [_told(search, news) for search, news in found if news.hits]:
        facts = {"searches": searches, "page": reverse("saved:kept")}
        post_mail(user=user, kind=MailKind.SEARCH_NEWS, facts=facts)
    return found


def _wanted(pk: int):
    return SavedSearch.objects.filter(user=pk, wants_news=True)


def _look(user: User | None, today: date) -> Found:
    """Return what is new for each search of `user`; a search whose place is no longer known finds nothing."""
    if user is None or user.titulaire is None:
        return []
    budget_cents = RightsAccount.objects.held_by(user.titulaire).available_cents
    found = []
    for search in _wanted(user.pk):
        form = queries.read(search.query, budget_cents=budget_cents)
        if not form.is_place_missing:
            news = news_of(form.criteria(), after=search.newest_offer, today=today)
            found.append((search, news))
    return found


def _told(search: SavedSearch, news: News) -> dict[str, object]:
    """Return a search as the mail tells it: texts and paths of our own pages."""
    offers = [hit.offer for hit in news.hits[:MOST_TOLD]]
    return {
        "name": search.name,
        "path": f"{reverse('search')}?{search.query}",
        "offers": [
            {
                "title": " ".join(offer.title.split()),
                "path": offer.get_absolute_url(),
                "facts": f"{offer.provider.name}, {_where(offer)}, {euros(offer.price_cents)}",
            }
            for offer in offers
        ],
        "more": news.total - len(offers),
    }


def _where(offer: Offer) -> str:
    if offer.modality == Modality.REMOTE:
        return "à distance"
    if offer.commune:
        return f"{offer.commune.postcode} {town(offer.commune.name)}"
    return f"{department_name(offer.department)} ({offer.department})"
