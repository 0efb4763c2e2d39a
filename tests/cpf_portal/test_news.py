"""The mail of the week: to whom, what, once, and what stops it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts import emails
from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from catalogue import services
from catalogue.models import Modality, SavedSearch
from cpf_portal import news
from cpf_portal.news import Told, send_news
from tests.factories import OfferFactory, ProviderFactory, UserFactory
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db

SAVED_ON = date(2026, 11, 16)
TODAY = SAVED_ON + timedelta(days=7)
NB = "\u00a0"


def follow(user=None, query="quoi=anglais", **fields) -> SavedSearch:
    values = {"name": "Mon anglais", "wants_news": True, "today": SAVED_ON} | fields
    return services.save_search(user=user or UserFactory(), query=query, **values)[0]


def waiting() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=MailKind.SEARCH_NEWS).order_by("pk"))


@pytest.fixture
def arrive(index):
    """Let offers come in: `arrive("Anglais", "Excel")`."""

    def arrive(*titles, **fields):
        offers = [OfferFactory(title=title, **fields) for title in titles]
        index()
        return offers

    return arrive


def test_mail_tells_what_came_since_the_search_was_saved(arrive, mailoutbox):
    arrive("Anglais d’avant")
    search = follow()
    (offer,) = arrive(
        "Anglais d’après & demain",
        provider=ProviderFactory(name="Langues du Canal"),
        price_cents=1050_00,
    )

    assert send_news(today=TODAY) == Told(searches=1, mails=1, trainings=1)
    emails.deliver(waiting()[0].pk)

    (message,) = mailoutbox
    assert message.recipients() == [search.user.email]
    html = message.alternatives[0][0]
    link = f"http://127.0.0.1:8000{offer.get_absolute_url()}"
    assert f"- Anglais d’après & demain\n  Langues du Canal, 44000 Nantes, 1050,00{NB}€" in (
        message.body
    )
    assert f'<a href="{link}">Anglais d’après &amp; demain</a>' in html
    for part in (message.body, html):
        assert link in part
        assert "Mon anglais" in part
        assert "http://127.0.0.1:8000/formations/?quoi=anglais" in part
        assert "http://127.0.0.1:8000/mon-compte/recherches/" in part
        assert "d’avant" not in part
    assert waiting()[0].facts == {}


def test_mail_is_not_sent_when_nothing_is_new(arrive):
    arrive("Anglais")
    search = follow()
    arrive("Excel")

    assert send_news(today=TODAY) == Told(searches=1)

    assert waiting() == []
    search.refresh_from_db()
    assert search.news_on == TODAY


def test_week_is_over_after_seven_days_and_told_once(arrive):
    follow()
    arrive("Anglais")

    assert send_news(today=TODAY - timedelta(days=1)) == Told()
    assert send_news(today=TODAY).mails == 1
    assert send_news(today=TODAY) == Told()
    assert send_news(today=TODAY + timedelta(days=7)) == Told(searches=1)
    assert len(waiting()) == 1


def test_searches_of_a_person_come_in_one_mail(arrive):
    user = UserFactory()
    follow(user)
    follow(user, "quoi=excel", name="Mon Excel", today=TODAY - timedelta(days=2))
    follow(user, "quoi=cuisine", name="Ma cuisine")
    follow(user, "quoi=vente", name="Sans courriel", wants_news=False)
    arrive("Anglais", "Excel", "Vente")

    assert send_news(today=TODAY) == Told(searches=3, mails=1, trainings=2)

    (mail,) = waiting()
    assert sorted(told["name"] for told in mail.facts["searches"]) == ["Mon Excel", "Mon anglais"]
    assert send_news(today=TODAY + timedelta(days=5)) == Told()


def test_ten_lines_at_most_and_the_rest_is_counted(arrive):
    follow()
    for number in range(14):
        OfferFactory(title=f"Anglais {number}")
    arrive("Anglais\nen  deux lignes")

    send_news(today=TODAY)

    (told,) = waiting()[0].facts["searches"]
    assert (len(told["offers"]), told["more"]) == (10, 5)
    assert not any("\n" in offer["title"] for offer in told["offers"])


def test_place_of_a_remote_offer_is_said(arrive):
    follow()
    arrive("Anglais", modality=Modality.REMOTE)

    send_news(today=TODAY)

    (told,) = waiting()[0].facts["searches"]
    assert ", à distance, " in told["offers"][0]["facts"]


def test_rights_of_the_person_narrow_her_search(arrive, camille, dominique):
    for user in (camille, dominique):
        follow(user, "droits=oui&quoi=anglais")
    arrive("Anglais", price_cents=1000_00)

    send_news(today=TODAY)

    assert [mail.user for mail in waiting()] == [camille]


@pytest.mark.parametrize(
    "change",
    [
        {"email_confirmed_at": None},
        {"is_active": False},
        {"wants_news_mail": False},
    ],
)
def test_who_may_not_be_written_to_is_not_and_is_not_told_afterwards(change, arrive):
    user = UserFactory()
    before = {name: getattr(user, name) for name in change}
    search = follow(user)
    arrive("Anglais")
    User.objects.filter(pk=user.pk).update(**change)

    assert send_news(today=TODAY) == Told()
    User.objects.filter(pk=user.pk).update(**before)
    arrive("Anglais du soir")
    send_news(today=TODAY + timedelta(days=7))

    (mail,) = waiting()
    assert [o["title"] for o in mail.facts["searches"][0]["offers"]] == ["Anglais du soir"]
    assert mail.user == search.user


def test_mail_that_waits_is_dropped_when_it_is_not_wanted_any_more(arrive, mailoutbox):
    user = UserFactory()
    follow(user)
    arrive("Anglais")
    send_news(today=TODAY)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert not emails.deliver(waiting()[0].pk)

    assert mailoutbox == []
    assert waiting() == []


def test_place_that_is_no_longer_known_finds_nothing(arrive):
    follow(query="ou=Nulle-Part&quoi=anglais")
    arrive("Anglais")

    assert send_news(today=TODAY) == Told()
    assert send_news(today=TODAY) == Told()


def test_run_that_is_killed_goes_on(arrive, monkeypatch):
    for _ in range(3):
        follow()
    arrive("Anglais")
    real, calls = news.post_mail, []

    def killed(**mail):
        calls.append(mail)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**mail)

    monkeypatch.setattr(news, "post_mail", killed)
    with pytest.raises(KeyboardInterrupt):
        send_news(today=TODAY)
    monkeypatch.undo()
    assert len(waiting()) == 1

    assert send_news(today=TODAY).mails == 2
    assert len({mail.user_id for mail in waiting()}) == 3


def test_mail_leaves_after_the_commit_only(arrive, mailoutbox, django_capture_on_commit_callbacks):
    follow()
    arrive("Anglais")

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send_news(today=TODAY)
        assert mailoutbox == []

    assert len(mailoutbox) == 1


def run(*options) -> str:
    out = StringIO()
    call_command("send_search_news", *options, stdout=out)
    return out.getvalue()


def test_dry_run_counts_and_writes_nothing(arrive):
    search = follow(today=timezone.localdate() - timedelta(days=7))
    arrive("Anglais")
    before = SavedSearch.objects.values().get()

    told = run("--dry-run")

    assert "Formations nouvelles : 1. Courriels à préparer : 1." in told
    assert SavedSearch.objects.values().get() == before
    assert waiting() == []
    assert "Courriels préparés : 1." in run()
    assert waiting()[0].user == search.user


def test_without_an_index_nothing_is_noted():
    search = follow(today=timezone.localdate() - timedelta(days=7))

    with pytest.raises(CommandError, match="rebuild_index"):
        run()

    assert SavedSearch.objects.get().news_on == search.news_on


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_to_each_person_once(arrive):
    for _ in range(3):
        follow()
    arrive("Anglais")

    done = in_parallel(lambda _: send_news(today=TODAY), range(3))

    assert sum(told.mails for told in done) == 3
    assert len({mail.user_id for mail in waiting()}) == len(waiting()) == 3
