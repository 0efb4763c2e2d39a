"""Known and unknown numbers cost the same work: 200 interleaved tries tell them apart no better than 0.60.

The floor under each answer (`lasting`) hides the rest; it is taken away here, so that the work itself is
compared. What waits instead of working (a mail server) is not in the request: see the twin.
"""

import pytest
from django.test import Client

from accounts import services
from accounts.models import RateLimit
from accounts.views import access
from tests.accounts.account import photo
from tests.accounts.pages import LOGIN, RESET
from tests.accounts.timing import LIMIT, MEASURES, told_apart
from tests.factories import UserFactory, make_nir

pytestmark = pytest.mark.django_db

IN_PRODUCTION = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}
}


@pytest.fixture(autouse=True)
def _as_in_production(settings, monkeypatch):
    settings.TASKS = IN_PRODUCTION
    monkeypatch.setattr(access, "RESET_SECONDS", 0)


def sign_in_fields(nir):
    return LOGIN, {"nir": nir.value, "password": "Faux-Passe-1"}


def reset_fields(nir):
    return RESET, {"nir": nir.value}


def lost_address_fields(nir):
    new = "nouvelle@example.org"
    code = {"code": "ABCD-EFGH-JKMN", "new_email": new, "new_email_confirmation": new}
    return "/courriel/perdu/", code | {"nir": nir.value}


def support_fields(nir):
    fields = {"kind": "nir_taken", "birth_name": "Durand", "contact_email": "a@example.org"}
    return "/assistance/demande/", fields | {"nir": nir.value, "proof": photo()}


FORMS = [sign_in_fields, reset_fields, lost_address_fields, support_fields]


def asking(fields, nir, commit):
    """Return a function that posts the form as somebody who was never seen, to the end of its transaction."""
    client = Client()

    def ask():
        RateLimit.objects.all().delete()
        address, data = fields(nir)
        with commit(execute=True):
            assert client.post(address, data).status_code in {302, 422}

    return ask


def known():
    user = UserFactory()
    services.make_recovery_codes(user=user)
    return user.titulaire.nir


@pytest.mark.parametrize("fields", FORMS)
def test_known_and_unknown_numbers_cost_the_same(fields, django_capture_on_commit_callbacks):
    requests = [
        asking(fields, nir, django_capture_on_commit_callbacks) for nir in (known(), make_nir())
    ]

    assert told_apart(*requests) <= LIMIT


def test_mail_sent_within_the_request_would_be_seen(settings, django_capture_on_commit_callbacks):
    """The positive twin: where mails leave at once, the same measure tells who has an account."""
    settings.TASKS = {
        "default": {
            "BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
            "QUEUES": ["mail"],
        }
    }
    requests = [
        asking(reset_fields, nir, django_capture_on_commit_callbacks)
        for nir in (known(), make_nir())
    ]

    # seen at once on an idle machine; by chance once in five thousand
    assert any(told_apart(*requests, measures=1, pairs=25) > 0.8 for _ in range(4 * MEASURES))
