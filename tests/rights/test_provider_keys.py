"""The keys of the providers' software: made once, never readable again, bounded in time and use."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from rights.models import ProviderCall, ProviderKey, Scope
from rights.services import (
    find_provider_key,
    make_provider_key,
    record_provider_call,
    revoke_provider_key,
)
from tests.factories import ProviderFactory, StaffFactory
from tests.test_canary import columns_holding

pytestmark = pytest.mark.django_db

ADD = "admin:rights_providerkey_add"
KEY = re.compile(r"mcf_[a-z2-9]{8}_[\w-]{43}")


def make(**changes) -> tuple[ProviderKey, str]:
    fields = {
        "provider": changes.pop("provider", None) or ProviderFactory(),
        "label": "Gestion des inscriptions",
        "scopes": [Scope.READ],
        "expires_on": timezone.localdate() + timedelta(days=30),
        "author": None,
    }
    return make_provider_key(**fields | changes)


def found(text: str) -> ProviderKey | None:
    return find_provider_key(text=text, now=timezone.now())


# --- The key -----------------------------------------------------------------------------------


def test_key_is_found_by_its_text_alone():
    key, text = make()

    assert KEY.fullmatch(text)
    assert found(text) == key
    assert found(text[:-1] + ("a" if text[-1] != "a" else "b")) is None
    assert found(text.upper()) is None
    assert found("") is None
    assert found("mcf_" + "é" * 300) is None


def test_text_of_a_key_is_in_no_column():
    key, text = make()

    assert columns_holding([text[13:]]) == set()
    assert columns_holding([key.prefix]) == {"rights_providerkey.prefix"}
    assert text not in f"{key} {key!r}"


@pytest.mark.parametrize(("day", "is_usable"), [(0, True), (-1, False)])
def test_key_serves_up_to_its_last_day(day, is_usable):
    key, text = make(expires_on=timezone.localdate() + timedelta(days=day))

    assert (found(text) == key) is is_usable


def test_revoked_key_opens_nothing_any_more():
    key, text = make()
    staff, now = StaffFactory(), timezone.now()

    assert revoke_provider_key(key=key, author=staff, now=now)
    assert not revoke_provider_key(key=key, author=StaffFactory(), now=now + timedelta(days=1))

    key.refresh_from_db()
    assert found(text) is None
    assert (key.revoked_at, key.revoked_by) == (now, staff)


def test_key_of_a_suspended_provider_waits():
    key, text = make(provider=ProviderFactory(is_suspended=True))
    assert found(text) is None

    type(key.provider).objects.update(is_suspended=False)
    assert found(text) == key


def test_key_that_allows_nothing_is_not_made():
    with pytest.raises(ValidationError, match="au moins une chose"):
        make(scopes=[])
    assert not ProviderKey.objects.exists()


def test_calls_are_noted_without_any_person(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    key, _ = make()
    start = timezone.now()

    for seconds in (0, 30, 90):
        moment = start + timedelta(seconds=seconds)
        record_provider_call(key=key, operation="list", status=200, now=moment)

    key.refresh_from_db()
    assert key.last_used_at == start + timedelta(seconds=90)
    assert key.calls.count() == 3
    assert {field.name for field in ProviderCall._meta.fields} == {
        "id", "key", "operation", "status", "called_at",
    }  # fmt: skip


# --- The administration ------------------------------------------------------------------------


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


def post(desk, **changes):
    prefix = re.search(r'name="prefix" value="(\w+)"', desk.get(reverse(ADD)).content.decode())
    fields = {
        "siret": ProviderFactory(siret="00000000000018").siret,
        "label": "Gestion des inscriptions",
        "scopes": ["can_read", "can_answer"],
        "expires_on": (timezone.localdate() + timedelta(days=90)).strftime("%d/%m/%Y"),
        "prefix": prefix[1],
    }
    return desk.post(reverse(ADD), fields | changes)


def test_staff_make_a_key_which_is_shown_once(desk, sasha):
    response = post(desk, siret="000 000 000 00018")

    page = response.content.decode()
    key, text = ProviderKey.objects.get(), KEY.search(page)[0]
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert found(text) == key
    assert (key.author, key.scopes) == (sasha, [Scope.READ, Scope.ANSWER])
    change = reverse("admin:rights_providerkey_change", args=[key.pk])
    later = desk.get(change).content.decode()
    assert key.prefix in later
    assert text not in later
    assert key.secret_hash not in later
    assert columns_holding([text[13:]]) == set()


def test_form_posted_twice_makes_one_key(desk):
    first = post(desk)
    prefix = ProviderKey.objects.get().prefix

    second = desk.post(
        reverse(ADD),
        {
            "siret": "00000000000018",
            "label": "Le même",
            "scopes": ["can_read"],
            "expires_on": timezone.localdate().strftime("%d/%m/%Y"),
            "prefix": prefix,
        },
    )

    assert first.status_code == 200
    assert second.status_code == 422
    assert "a déjà servi" in second.content.decode()
    assert ProviderKey.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"siret": "11111111111111"}, "Aucun organisme"),
        ({"siret": "²²²²²²²²²²²²²²"}, "Aucun organisme"),
        ({"label": " "}, "Nommez le logiciel"),
        ({"scopes": []}, "Cochez au moins un usage"),
        ({"scopes": ["is_superuser"]}, "Sélectionnez un choix valide"),
        ({"expires_on": "01/01/2020"}, "un jour à venir"),
        ({"expires_on": "01/01/2999"}, "deux ans au plus"),
        ({"prefix": "../etc"}, "prefix"),
    ],
)
def test_wrong_key_is_not_made_and_says_why(desk, changes, sentence):
    response = post(desk, **changes)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ProviderKey.objects.exists()


def test_staff_revoke_after_a_page_that_says_what_it_does(desk, sasha):
    key, text = make()
    address = reverse("admin:rights_providerkey_revoke", args=[key.pk])

    page = desk.get(address).content.decode()
    assert "refusé aussitôt" in page
    assert found(text) == key

    assert desk.post(address).status_code == 302
    assert found(text) is None
    again = desk.post(address, follow=True).content.decode()
    assert "déjà révoquée" in again


@pytest.mark.parametrize("name", ["add", "revoke", "change", "changelist"])
def test_keys_need_their_permissions(client, name):
    key, _ = make()
    client.force_login(StaffFactory())
    address = reverse(
        f"admin:rights_providerkey_{name}", args=[key.pk] if name in {"revoke", "change"} else []
    )

    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
    key.refresh_from_db()
    assert key.revoked_at is None


def test_key_is_neither_changed_nor_deleted_by_hand(desk):
    key, _ = make()

    change = desk.post(reverse("admin:rights_providerkey_change", args=[key.pk]), {"can_read": ""})
    delete = desk.post(reverse("admin:rights_providerkey_delete", args=[key.pk]), {"post": "yes"})

    key.refresh_from_db()
    assert change.status_code == delete.status_code == 403
    assert key.can_read


@pytest.mark.parametrize("count", [1, 12])
def test_lists_cost_the_same_statements_for_any_number(desk, count, django_assert_max_num_queries):
    for _ in range(count):
        key, _ = make()
        record_provider_call(key=key, operation="list", status=200, now=timezone.now())

    for model in ("providerkey", "providercall"):
        with django_assert_max_num_queries(10):
            page = desk.get(reverse(f"admin:rights_{model}_changelist"))
        assert page.status_code == 200


def test_calls_of_one_key_are_listed(desk):
    key, _ = make()
    record_provider_call(key=key, operation="list", status=200, now=timezone.now())
    other, _ = make()
    record_provider_call(key=other, operation="answer", status=409, now=timezone.now())

    url = reverse("admin:rights_providercall_changelist")
    page = desk.get(f"{url}?key__id__exact={key.pk}").content.decode()

    assert page.count(">appel d’organisme n° ") == 1


# --- The command -------------------------------------------------------------------------------


def test_command_writes_a_key_that_opens():
    siret, out = ProviderFactory().siret, StringIO()

    call_command("make_provider_key", siret, "--scopes", "lire", stdout=out, stderr=StringIO())

    key = ProviderKey.objects.get()
    assert found(out.getvalue().strip()) == key
    assert (key.provider.siret, key.scopes) == (siret, [Scope.READ])
    assert key.expires_on == timezone.localdate() + timedelta(days=30)


@pytest.mark.parametrize("arguments", [["1" * 14], ["00000000000018", "--days", "731"]])
def test_command_refuses_what_makes_no_sense(arguments):
    ProviderFactory(siret="00000000000018")

    with pytest.raises(CommandError):
        call_command("make_provider_key", *arguments)
    assert not ProviderKey.objects.exists()
