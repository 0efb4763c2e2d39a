"""One click stops the mail of the week, without a sign-in; nobody else's link does it."""

import pytest
from django.core.signing import Signer
from django.test import Client

from accounts import emails, services
from accounts.models import AccountEvent, EventKind, OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tokens import make_confirmation_token, make_news_token
from tests.accounts.account import signed_in
from tests.accounts.pages import link_of, text_of
from tests.factories import StaffFactory, UserFactory
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db

WAITING = {"kind": MailKind.SEARCH_NEWS, "facts": {"searches": []}}


def address(user) -> str:
    return f"/courriel/arret/{make_news_token(user)}/"


def wants(user) -> bool:
    return User.objects.get(pk=user.pk).wants_news_mail


def test_link_shows_a_button_and_its_click_stops(mailoutbox):
    user = UserFactory()
    mail, other = (
        services.post_mail(user=user, **WAITING),
        services.post_mail(user=user, **WAITING),
    )
    emails.deliver(mail.pk)
    link, client = link_of(mailoutbox[0]), GuardedClient()

    page = client.get(link)
    assert "Ne plus recevoir ce courriel" in text_of(page)
    assert client.head(link).status_code == 200
    assert wants(user)

    assert "est arrêté" in text_of(client.post(link))
    assert not wants(user)
    assert not OutgoingMail.objects.filter(pk=other.pk).exists()
    assert AccountEvent.objects.filter(user=user, kind=EventKind.NOTICES_CHANGED).count() == 1


def test_mail_program_stops_it_by_itself(mailoutbox):
    """RFC 8058: a POST of « List-Unsubscribe=One-Click » to the address of the header, without cookie."""
    user = UserFactory()
    emails.deliver(services.post_mail(user=user, **WAITING).pk)
    headers = mailoutbox[0].message()

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{address(user)}>"
    response = Client(enforce_csrf_checks=True).post(
        address(user), {"List-Unsubscribe": "One-Click"}
    )

    assert response.status_code == 200
    assert not response.cookies
    assert not wants(user)


def test_other_mails_have_no_such_header(mailoutbox):
    emails.deliver(services.post_mail(user=UserFactory(), kind=MailKind.PASSWORD_CHANGED).pk)

    assert "List-Unsubscribe" not in mailoutbox[0].message()


def test_twice_stops_once():
    user = UserFactory()

    for _ in range(2):
        assert Client().post(address(user)).status_code == 200

    assert AccountEvent.objects.filter(user=user, kind=EventKind.NOTICES_CHANGED).count() == 1


def test_link_outlives_a_new_address_and_password():
    user = UserFactory()
    link = address(user)
    user.email = "neuve@example.org"
    user.set_password("Autre-Phrase-2031")
    user.save()

    Client().post(link)

    assert not wants(user)


def test_forged_or_borrowed_links_stop_nothing():
    user, other = UserFactory(), UserFactory()
    signature = make_news_token(other).partition("-")[2]
    forged = [
        f"{user.pk}-{signature}",
        f"{user.pk}-",
        f"{user.pk}",
        "é-x",
        make_confirmation_token(user),
        f"{user.pk}-{Signer(salt='autre').signature(f'{user.pk}:{user.identifier}')}",
        make_news_token(StaffFactory()),
        f"{10**30}-{signature}",
    ]

    for token in forged:
        for method in ("get", "post"):
            response = getattr(Client(), method)(f"/courriel/arret/{token}/")
            assert response.status_code == 404, token
            assert "Ce lien n’est pas valable" in text_of(response)
    assert wants(user)
    assert wants(other)


def test_choice_is_taken_back_among_the_notices():
    user, client = signed_in(UserFactory(wants_news_mail=False))
    page = text_of(client.get("/mon-compte/"))
    assert "Nouvelles formations de mes recherches" not in page

    client.post("/mon-compte/avertissements/", {"wants_news_mail": "on"})

    assert wants(user)
    assert "Nouvelles formations de mes recherches" in text_of(client.get("/mon-compte/"))
