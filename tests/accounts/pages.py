"""Fill and post the forms of accounts as a browser would."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from accounts.nir import Nir
from tests.accounts.captcha.helpers import solve
from tests.factories import PASSWORD, make_nir

SIGNUP, LOGIN, RESET = "/inscription/", "/connexion/", "/mot-de-passe/oublie/"


def signup_data(nir: Nir | None = None, /, **changes: str) -> dict[str, str]:
    """Return a right answer to every field but the captcha."""
    nir = nir or make_nir()
    data = {
        "birth_name": "Durand",
        "nir": nir.value,
        "nir_key": nir.key,
        "phone_mobile": "06 39 98 00 01",
        "email": "camille@example.org",
        "email_confirmation": "camille@example.org",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "cgu": "on",
    }
    return data | changes


def sign_up(client, nir: Nir | None = None, /, **changes: str):
    """Open the page, solve its captcha, post; return the answer."""
    page = client.get(SIGNUP)
    return client.post(SIGNUP, solve(page) | signup_data(nir, **changes))


def sign_in(client, nir: Nir, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"nir": nir.value, "password": password}, **extra)


def text_of(response) -> str:
    """Return the source of a page, with its no-break spaces as characters."""
    return response.content.decode().replace("&nbsp;", "\u00a0")


def link_of(message) -> str:
    """Return the path of the one link of a mail."""
    (link,) = {word for word in message.body.split() if word.startswith("http")}
    return urlsplit(link).path


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.labels, self.inputs = [], {}
        self.is_in_label = False

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.inputs[dict(attrs).get("name", "")] = dict(attrs)
        elif tag in {"label", "legend"}:
            self.is_in_label = True
            self.labels.append("")

    def handle_endtag(self, tag):
        if tag in {"label", "legend"}:
            self.is_in_label = False

    def handle_data(self, data):
        if self.is_in_label:
            self.labels[-1] += data


def _fields_of(response) -> _Fields:
    fields = _Fields()
    fields.feed(response.content.decode())
    return fields


def labels_in(response) -> list[str]:
    """Return the texts of the labels and legends of a page, in its order."""
    return [" ".join(label.split()) for label in _fields_of(response).labels]


def inputs_in(response) -> dict[str, dict[str, str]]:
    """Return the attributes of the inputs of a page by their name (the last one of a group)."""
    return _fields_of(response).inputs
