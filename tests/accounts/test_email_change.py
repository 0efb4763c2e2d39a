"""A new address: proved at the new one, told to the old one, and slow to allow spending."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import emails, services
from accounts.exceptions import EmailChangeRefused
from accounts.models import EmailChange, IdentityLevel, OutgoingMail, Titulaire, User
from accounts.tokens import find_email_change
from tests.accounts.account import signed_in
from tests.accounts.pages import link_of, text_of
from tests.factories import UserFactory
from tests.parallel import in_parallel

PAGE, VERIFY = "/mon-compte/courriel/", "/mon-compte/verification/"
NEW = "nouvelle@example.org"

pytestmark = pytest.mark.django_db


def ask(client, address: str = NEW, **changes: str):
    data = {"new_email": address, "new_email_confirmation": address}
    return client.post(PAGE, data | changes)


def mail_to(address: str, mailoutbox):
    return next(m for m in reversed(mailoutbox) if m.to == [address])


def outbox(mailoutbox):
    """Send what waits, as the task does once the transaction is committed."""
    for pk in OutgoingMail.objects.pending().order_by("pk").values_list("pk", flat=True):
        emails.deliver(pk)
    return mailoutbox


def test_address_changes_only_when_the_link_is_followed(mailoutbox):
    user, client = signed_in(UserFactory(email="ancienne@example.org"))

    assert ask(client).status_code == 302
    sent = outbox(mailoutbox)
    link = link_of(mail_to(NEW, sent))
    assert "ancienne@example.org" in [m.to[0] for m in sent]
    visitor = Client()
    for _ in range(3):
        assert visitor.get(link).status_code == 200
        assert visitor.head(link).status_code == 200
    user.refresh_from_db()
    assert user.email == "ancienne@example.org"

    page = visitor.post(link)

    assert "Votre adresse a changé" in text_of(page)
    user.refresh_from_db()
    assert user.email == NEW
    assert user.email_changed_at
    assert outbox(mailoutbox)[-1].to == ["ancienne@example.org"]
    again = visitor.post(link)
    assert again.status_code == 410
    assert "Si vous l’aviez déjà confirmé, votre adresse a changé" in text_of(again)


def test_changed_address_lets_nobody_spend_for_72_hours(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    user = UserFactory(email_confirmed_at=timezone.now() - timedelta(days=9))
    assert user.has_settled_email(timezone.now())
    change = services.ask_email_change(user=user, new_email=NEW, now=timezone.now())

    services.confirm_email_change(change=change, now=timezone.now())

    user = User.objects.get(pk=user.pk)
    later = timezone.now() + timedelta(hours=72)
    assert not user.has_settled_email(later - timedelta(seconds=1))
    assert user.has_settled_email(later)
    assert user.email_settles_at == later


def test_address_that_was_never_confirmed_lets_nobody_spend():
    assert not UserFactory(email_confirmed_at=None).has_settled_email(timezone.now())


def test_link_is_valid_for_24_hours(time_machine, mailoutbox):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    user = UserFactory()
    services.ask_email_change(user=user, new_email=NEW, now=timezone.now())
    link = link_of(mail_to(NEW, outbox(mailoutbox)))

    time_machine.shift(24 * 3600)
    assert Client().get(link).status_code == 200
    time_machine.shift(1)
    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410
    assert User.objects.get().email == user.email


def test_asking_again_ends_the_first_link(mailoutbox):
    user = UserFactory()
    services.ask_email_change(user=user, new_email=NEW, now=timezone.now())
    first = link_of(mail_to(NEW, outbox(mailoutbox)))
    services.ask_email_change(user=user, new_email="autre@example.org", now=timezone.now())

    assert Client().post(first).status_code == 410
    assert User.objects.get().email == user.email


def test_change_of_password_ends_the_link(mailoutbox):
    user = UserFactory()
    services.ask_email_change(user=user, new_email=NEW, now=timezone.now())
    link = link_of(mail_to(NEW, outbox(mailoutbox)))

    services.reset_password(user=user, password="Autremotdepasse2")

    assert Client().post(link).status_code == 410


@pytest.mark.parametrize("token", ["", "1", "1-x", "x-y", "999999999999999999999-a"])
def test_forged_token_names_nobody(token):
    user = UserFactory()
    services.ask_email_change(user=user, new_email=NEW, now=timezone.now())

    assert find_email_change(token) is None
    assert find_email_change(f"{user.pk}-{'a' * 43}") is None


def test_unconfirmed_account_is_confirmed_by_its_new_address():
    user = UserFactory(email_confirmed_at=None)
    change = services.ask_email_change(user=user, new_email=NEW, now=timezone.now())

    services.confirm_email_change(change=change, now=timezone.now())

    assert User.objects.get().has_confirmed_email
    assert Titulaire.objects.get().identity_level == IdentityLevel.EMAIL_CONFIRMED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"new_email": "x"}, "Saisissez une adresse de courriel complète"),
        ({"new_email_confirmation": "autre@example.org"}, "Les deux adresses"),
        ({"new_email": ""}, "Saisissez votre adresse de courriel."),
    ],
)
def test_wrong_address_is_refused_and_kept(changes, sentence):
    _, client = signed_in()

    response = ask(client, **changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not EmailChange.objects.exists()


def test_present_address_is_no_change():
    user, client = signed_in()

    assert ask(client, user.email.upper()).status_code == 422


def test_page_asks_for_the_password_after_ten_minutes(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    _, client = signed_in()
    time_machine.shift(600)
    assert client.get(PAGE).status_code == 200

    time_machine.shift(1)

    assert client.get(PAGE).headers["Location"] == f"{VERIFY}?next=%2Fmon-compte%2Fcourriel%2F"
    assert ask(client).status_code == 302
    assert not EmailChange.objects.exists()


def test_five_changes_a_day_and_no_more():
    _, client = signed_in()

    answers = [ask(client, f"a{n}@example.org").status_code for n in range(6)]

    assert answers == [302] * 5 + [429]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_many_clicks_at_once_change_the_address_once():
    user = UserFactory()
    services.ask_email_change(user=user, new_email=NEW, now=timezone.now())
    change = EmailChange.objects.select_related("user").get()

    def follow(_: int) -> bool:
        try:
            services.confirm_email_change(change=change, now=timezone.now())
        except EmailChangeRefused:
            return False
        return True

    assert sum(in_parallel(follow, range(20))) == 1
    assert User.objects.get().email == NEW
