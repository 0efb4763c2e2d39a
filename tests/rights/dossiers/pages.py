"""What a person does on the pages of her dossiers, in a client of the tests."""

import html
import re
import time

from django.test import Client

from accounts.models import User
from accounts.sessions import PASSWORD_AT
from rights.models import Dossier
from rights.views.dossiers.steps import STEPS

LIST = "/mes-dossiers/"


def sign_in(client: Client, user: User) -> None:
    """Sign in with a password just given."""
    client.force_login(user)
    give_password(client)


def give_password(client: Client, ago: int = 0) -> None:
    session = client.session
    session[PASSWORD_AT] = time.time() - ago
    session.save()


def page_of(dossier: Dossier) -> str:
    return f"{LIST}{dossier.reference}/"


def step_of(dossier: Dossier, action: str) -> str:
    return f"{page_of(dossier)}{STEPS[action].slug}/"


def enrol_at(session) -> str:
    return f"{LIST}nouveau/{session.pk}/"


def hidden(response, name: str) -> str:
    """Return the value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return html.unescape(found[1]) if found else ""


def take(client: Client, dossier: Dossier, action: str, **fields):
    """Open the page of a step and press its button; return the answer to the button."""
    asked = client.get(step_of(dossier, action))
    assert asked.status_code == 200, asked.content.decode()
    seen = {name: value for name in ("reviewed", "version") if (value := hidden(asked, name))}
    return client.post(step_of(dossier, action), seen | fields)
