"""Lost address, blocked account: the way back, and nothing learnt on the way by a stranger."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from accounts import emails, services
from accounts.models import (
    BlockedReason,
    EmailChange,
    OutgoingMail,
    RecoveryCode,
    User,
)
from accounts.views import access
from tests.accounts.account import signed_in
from tests.accounts.pages import LOGIN, link_of, sign_in, text_of
from tests.factories import PASSWORD, TitulaireFactory, UserFactory, make_nir
from tests.parallel import in_parallel

PAGE = "/courriel/perdu/"
NEW = "nouvelle@example.org"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0)


def recover(nir, code: str, client=None, **changes: str):
    data = {"nir": nir.value, "code": code, "new_email": NEW, "new_email_confirmation": NEW}
    return (client or Client()).post(PAGE, data | changes, follow=True)


def person_with_codes():
    user = UserFactory()
    return user, services.make_recovery_codes(user=user)


def test_code_leads_to_a_new_address_then_to_a_new_password(mailoutbox):
    user, codes = person_with_codes()

    page = recover(user.titulaire.nir, codes[3].lower().replace("-", " "))

    assert page.redirect_chain == [("/courriel/perdu/envoye/", 302)]
    for pk in OutgoingMail.objects.pending().values_list("pk", flat=True):
        emails.deliver(pk)
    (message,) = [m for m in mailoutbox if m.to == [NEW]]
    assert "Votre adresse a changé" in text_of(Client().post(link_of(message)))
    assert User.objects.get().email == NEW


def test_code_serves_once():
    user, codes = person_with_codes()
    recover(user.titulaire.nir, codes[0])
    EmailChange.objects.all().delete()

    recover(user.titulaire.nir, codes[0])

    assert not EmailChange.objects.exists()
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_code_of_another_person_opens_nothing():
    _, codes = person_with_codes()

    recover(UserFactory().titulaire.nir, codes[0])

    assert not EmailChange.objects.exists()


def test_blocked_account_is_not_recovered_by_a_code():
    user, codes = person_with_codes()
    services.block(user=user, reason=BlockedReason.UNUSUAL)

    recover(user.titulaire.nir, codes[0])

    assert not EmailChange.objects.exists()


def test_every_outcome_gets_the_same_page():
    user, codes = person_with_codes()
    cases = [
        (user.titulaire.nir, codes[0]),
        (user.titulaire.nir, "AAAA-AAAA-AAAA"),
        (UserFactory().titulaire.nir, codes[1]),
        (TitulaireFactory().nir, codes[1]),
        (make_nir(), codes[1]),
    ]

    answers = [recover(nir, code) for nir, code in cases]

    assert len({(a.status_code, str(a.redirect_chain), a.content) for a in answers}) == 1


def test_every_outcome_takes_the_same_time(monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0.2)
    user, codes = person_with_codes()
    for nir, code in ((user.titulaire.nir, codes[0]), (make_nir(), codes[0])):
        start = time.monotonic()
        recover(nir, code)
        assert time.monotonic() - start >= 0.2


def test_codes_are_guessed_ten_times_a_day_and_no_more():
    nir = make_nir()

    answers = [recover(nir, "AAAA-AAAA-AAAA").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_wrong_form_repeats_neither_number_nor_code():
    nir = make_nir()

    response = recover(nir, "ABCD-EFGH-JKMN", new_email="x")

    assert response.status_code == 422
    assert nir.value not in text_of(response)
    assert 'value="ABCD' not in text_of(response)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_code_used_many_times_at_once_serves_once():
    user, codes = person_with_codes()
    nir = user.titulaire.nir

    def use(number: int) -> bool:
        return services.recover_email(
            nir=nir, code=codes[0], new_email=f"a{number}@example.org", now=timezone.now()
        )

    assert sum(in_parallel(use, range(20))) == 1


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (BlockedReason.UNUSUAL, "une activité inhabituelle"),
        (BlockedReason.DISPUTE, "Une autre personne dit que votre numéro"),
        (BlockedReason.REQUEST, "Vous avez demandé à l’assistance"),
    ],
)
def test_blocked_person_reads_the_reason_and_the_way_out(reason, words):
    user, client = signed_in()
    services.block(user=user, reason=reason)
    assert client.get("/mon-compte/").status_code == 302

    response = sign_in(client, user.titulaire.nir, PASSWORD)

    assert response.status_code == 403
    assert words in text_of(response)
    assert 'href="/assistance/demande/?objet=blocked"' in text_of(response)
    assert client.get("/mon-compte/").status_code == 302


def test_wrong_password_does_not_tell_that_the_account_is_blocked():
    blocked = UserFactory()
    services.block(user=blocked, reason=BlockedReason.UNUSUAL)

    answers = [
        Client().post(LOGIN, {"nir": nir.value, "password": "Faux-Passe-1"})
        for nir in (blocked.titulaire.nir, make_nir())
    ]

    assert [a.status_code for a in answers] == [422, 422]
    assert "bloqué pour" not in text_of(answers[0])


def test_unblocked_person_signs_in_again():
    user = UserFactory()
    services.block(user=user, reason=BlockedReason.REQUEST)
    assert not services.block(user=user, reason=BlockedReason.REQUEST)

    assert services.unblock(user=user)

    assert sign_in(Client(), user.titulaire.nir, PASSWORD).status_code == 302
    assert list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)) == [
        "account_blocked",
        "account_unblocked",
    ]


def test_blocked_staff_are_told_nothing(client, sasha):
    sasha.is_active = False
    sasha.save()

    response = client.post(
        "/admin/login/", {"username": sasha.email, "password": sasha.plain_password}
    )

    assert response.status_code == 422
