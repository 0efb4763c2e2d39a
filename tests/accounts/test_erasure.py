from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import limits, services
from accounts.models import IdentityLevel, OutgoingMail, RateLimit, StoredSession, Titulaire, User
from rights.models import MovementKind, Pocket
from rights.services import credit
from tests.accounts.pages import sign_up
from tests.factories import TitulaireFactory, UserFactory

pytestmark = pytest.mark.django_db


def purge(*options: str) -> str:
    from io import StringIO  # noqa: PLC0415

    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    return out.getvalue().strip()


def unconfirmed(count: int) -> str:
    return f"Comptes dont l’adresse n’est pas confirmée (15\u00a0jours)\u00a0: {count}\n"


def expired(**fields) -> User:
    created_at = timezone.now() - timedelta(days=15, seconds=5)
    return UserFactory(email_confirmed_at=None, created_at=created_at, **fields)


def give_rights(titulaire: Titulaire) -> None:
    credit(
        titulaire=titulaire,
        kind=MovementKind.YEARLY_CREDIT,
        pocket=Pocket.CPF,
        amount_cents=50000,
        effective_on=date(2026, 1, 1),
        year=2025,
        source="essai",
        idempotency_key=f"essai-{titulaire.pk}",
    )


def test_purge_erases_account_identity_sessions_and_mails(client):
    assert sign_up(client).status_code == 302
    User.objects.update(created_at=timezone.now() - timedelta(days=15, seconds=5))

    report = purge()

    assert unconfirmed(1) in report
    for model in (User, Titulaire, OutgoingMail, StoredSession):
        assert not model.objects.exists()
    assert client.get("/mon-compte/").status_code == 302


def test_purge_leaves_everybody_else(client):
    UserFactory()
    UserFactory(email_confirmed_at=None)
    UserFactory(created_at=timezone.now() - timedelta(days=400))
    TitulaireFactory()
    client.force_login(User.objects.first())
    before = (list(User.objects.values()), list(Titulaire.objects.values_list("pk")))

    assert unconfirmed(0) in purge()

    assert (list(User.objects.values()), list(Titulaire.objects.values_list("pk"))) == before
    assert client.get("/mon-compte/").status_code == 200


def test_purge_leaves_the_staff(sasha):
    User.objects.update(email_confirmed_at=None, created_at=timezone.now() - timedelta(days=99))

    purge()

    assert User.objects.get() == sasha


def test_purge_keeps_an_identity_that_has_rights():
    user = expired()
    give_rights(user.titulaire)
    Titulaire.objects.update(identity_level=IdentityLevel.EMAIL_CONFIRMED)

    assert unconfirmed(1) in purge()

    assert not User.objects.exists()
    assert Titulaire.objects.get().identity_level == IdentityLevel.DECLARED


def test_purge_lets_the_person_sign_up_again():
    known, unknown = expired(), expired()
    give_rights(known.titulaire)
    purge()

    for titulaire in (known.titulaire, unknown.titulaire):
        response = sign_up(Client(), titulaire.nir, birth_name=titulaire.birth_name)
        assert response.status_code == 302


def test_purge_in_a_dry_run_counts_and_erases_nothing(client):
    client.force_login(expired())
    expired()
    limits.hit("sign-up", ip="192.0.2.1")

    report = purge("--dry-run")

    assert unconfirmed(2) in report
    assert report.endswith("Rien n’a été effacé ni envoyé.")

    assert User.objects.count() == 2
    assert StoredSession.objects.count() == 1
    assert RateLimit.objects.count() == 1


def test_purge_twice_erases_nothing_more():
    expired()
    purge()

    assert unconfirmed(0) in purge()


def test_purge_forgets_the_limits_that_are_over(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    limits.hit("captcha-issue", ip="192.0.2.1")
    limits.hit("sign-up", ip="192.0.2.1")
    time_machine.shift(120)

    assert "Compteurs d’essais (un jour au plus)\u00a0: 1" in purge()


def test_end_sessions_ends_those_of_the_named_accounts_only():
    first, second = UserFactory(), UserFactory()
    clients = [Client(), Client(), Client()]
    for client, user in zip(clients, (first, first, second), strict=True):
        client.force_login(user)

    assert services.end_sessions(users=[first.pk]) == 2

    assert [client.get("/mon-compte/").status_code for client in clients] == [302, 302, 200]


def test_end_sessions_reads_no_session_of_anybody(client):
    """Blocking costs the same whoever else is signed in: two statements on indexes."""
    client.force_login(UserFactory())

    with CaptureQueriesContext(connection) as captured:
        services.end_sessions(users=[0])

    asked = [query["sql"].split()[0] for query in captured]
    assert [word for word in asked if word not in {"SAVEPOINT", "RELEASE"}] == ["DELETE", "DELETE"]
    assert StoredSession._meta.get_field("account_pk").db_index


def test_session_without_a_person_is_of_nobody(client):
    client.get("/inscription/")

    assert StoredSession.objects.get().account_pk is None


def test_end_sessions_of_nobody_ends_nothing(client):
    client.force_login(UserFactory())

    assert services.end_sessions(users=[]) == 0
    assert StoredSession.objects.count() == 1
