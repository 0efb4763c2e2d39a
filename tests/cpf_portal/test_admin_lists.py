"""Every list of the administration: as many queries for fifty rows as for one, and no count of a table."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccountEvent, AuditEvent, OutgoingMail, TakeOver, User
from cpf_portal.ui import admin_lists
from rights.models import Dossier
from tests import desk_rows
from tests.desk import sign_in
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
# Not filled here: the trail, which grows by itself at each page asked for.
GROWING = {AuditEvent}
LISTS = {
    model: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model not in GROWING
}


def queries_of(client, model) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LISTS[model]).status_code == 200, model
    return len(captured)


def test_lists_ask_as_many_queries_for_fifty_rows_as_for_one(client, sasha):
    """All the lists in one test: filling the tables is what costs."""
    sign_in(client, sasha)
    desk_rows.fill(1, 1, agent=sasha)
    queries_of(client, next(iter(LISTS)))  # what is asked once
    one = {model: queries_of(client, model) for model in LISTS}
    desk_rows.fill(2, 49, agent=sasha)

    many = {model: queries_of(client, model) for model in LISTS}

    assert {m: (one[m], many[m]) for m in LISTS if one[m] != many[m]} == {}
    assert {m: n for m, n in many.items() if n > MOST_QUERIES} == {}
    assert [m for m in LISTS if m.objects.count() < 50] == []


@pytest.mark.parametrize("model", admin.site._registry, ids=str)
def test_list_never_counts_a_whole_table(model):
    owner = admin.site.get_model_admin(model)

    assert owner.paginator is admin_lists.BoundedPaginator
    assert not owner.show_full_result_count
    assert "delete_selected" not in dict(admin.site.actions)
    if owner.search_fields:
        assert owner.search_help_text


def test_more_rows_than_are_counted_are_said(client, sasha, monkeypatch):
    monkeypatch.setattr(admin_lists, "MOST", 2)
    sign_in(client, sasha)
    for _ in range(3):
        SessionFactory()

    page = client.get(reverse("admin:catalogue_session_changelist")).content.decode()

    assert "plus de 2 sessions" in page


def test_dates_are_proposed_without_reading_them(client, sasha):
    sign_in(client, sasha)
    SessionFactory(starts_on=date(2026, 2, 3))
    url = reverse("admin:catalogue_session_changelist")

    years = client.get(url).content.decode()
    months = client.get(url, {"starts_on__year": 2026}).content.decode()
    days = client.get(url, {"starts_on__year": 2026, "starts_on__month": 2}).content.decode()
    day = {"starts_on__year": 2026, "starts_on__month": 2, "starts_on__day": 3}

    assert 'href="?starts_on__year=2015"' in years
    assert ">Février 2026</a>" in months
    assert ">28</a>" in days
    assert ">29</a>" not in days
    assert "3 février" in client.get(url, day).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "accounts/user/?password__startswith=a",
        "accounts/user/?email__startswith=a",
        "accounts/user/?email__regex=(",
        "accounts/user/?phone_mobile=0600000000",
        "accounts/accountsession/?session_key__startswith=a",
        "accounts/outgoingmail/?recipient__startswith=a",
        "accounts/outgoingmail/?facts__contains=x",
        "accounts/staffmember/?password__startswith=a",
        "rights/providerkey/?secret_hash__startswith=a",
    ],
)
def test_list_is_not_narrowed_by_a_column_that_it_does_not_show(query, client, sasha):
    sign_in(client, sasha)

    assert client.get(f"/admin/{query}").status_code == 400


def test_list_is_narrowed_by_its_filters_and_by_its_person(client, sasha, camille):
    sign_in(client, sasha)

    for query in ("accounts/user/?droits=suspendu", "accounts/outgoingmail/?envoi=echec"):
        assert client.get(f"/admin/{query}").status_code == 200
    answer = client.get(f"/admin/accounts/accountevent/?user__id__exact={camille.pk}")
    assert answer.status_code in {200, 302}  # the second asks for the reason first


@pytest.mark.parametrize(
    ("model", "query", "expected"),
    [
        # an index of all the sent ones begins with the day
        (Dossier, {}, ["-pk"]),
        (Dossier, {"requested_at__year": 2026}, ["-requested_at", "-pk"]),
        (
            AccountEvent,
            {"happened_at__year": 2026, "happened_at__month": 2},
            ["-happened_at", "-pk"],
        ),
        # none, or only one of those that wait: the keys stay the quicker way
        (User, {"created_at__year": 2026}, ["-pk"]),
        (OutgoingMail, {"created_at__year": 2026}, ["-pk"]),
        # the oldest is wanted first
        (TakeOver, {"happened_at__year": 2026}, ["happened_at", "pk"]),
    ],
)
def test_list_narrowed_by_its_dates_follows_their_index(rf, model, query, expected):
    owner = admin.site.get_model_admin(model)

    assert list(owner.get_ordering(rf.get("/", query))) == expected
