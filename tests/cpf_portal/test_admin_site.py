"""No address of the administration makes it fail."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import SessionFactory

DATED = [model for model, owner in admin.site._registry.items() if owner.date_hierarchy]


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize(
    "asked",
    [
        {"year": "99999999999"},
        {"year": "9999"},
        {"year": "1"},
        {"year": "0"},
        {"year": "-5"},
        {"year": "2026", "month": "13"},
        {"year": "2026", "month": "2", "day": "31"},
        {"year": "9999", "month": "12", "day": "31"},
        {"day": "99999999999999999999"},
        {"month": "abc"},
    ],
)
def test_impossible_dates_show_the_whole_list(asked, client, sasha):
    client.force_login(sasha)
    url = reverse("admin:catalogue_session_changelist")

    answer = client.get(url, {f"starts_on__{part}": value for part, value in asked.items()})

    assert (answer.status_code, answer.url) == (302, f"{url}?e=1")


@pytest.mark.parametrize("model", DATED, ids=str)
def test_every_dated_list_is_guarded(model, client, sasha):
    client.force_login(sasha)
    field = admin.site._registry[model].date_hierarchy

    answer = client.get(changelist(model), {f"{field}__year": "99999999999"})

    assert answer.status_code == 302


def test_real_dates_still_narrow_the_list(client, sasha):
    client.force_login(sasha)
    session = SessionFactory()
    day = session.starts_on
    url = reverse("admin:catalogue_session_changelist")
    asked = {"starts_on__year": day.year, "starts_on__month": day.month, "starts_on__day": day.day}

    assert list(client.get(url, asked).context["cl"].queryset) == [session]
    assert not client.get(url, {"starts_on__year": day.year + 1}).context["cl"].queryset
