"""Requests to the provider: bounded in time, and every failure is one of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from accounts.franceconnect.bounded import bound
from accounts.franceconnect.exceptions import FranceConnectError, Reason


@contextmanager
def told_unavailable() -> Iterator[None]:
    try:
        yield
    except (requests.RequestException, ValueError) as error:
        raise FranceConnectError(Reason.UNAVAILABLE, type(error).__name__) from None


def fetch_text(url: str, *, token: str = "") -> str:
    """Return the body at `url`, asked with the access `token` if there is one.

    Raises FranceConnectError (UNAVAILABLE) when no good answer comes in time.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with told_unavailable():
        answer = _get(url, headers)
    if answer.status_code != requests.codes.ok:
        raise FranceConnectError(Reason.UNAVAILABLE, f"HTTP {answer.status_code}")
    return answer.text


def fetch_json(url: str) -> dict[str, Any]:
    """Return the JSON object at `url`; raises as `fetch_text`."""
    with told_unavailable():
        answer = _get(url, {})
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise FranceConnectError(Reason.UNAVAILABLE, "not a JSON object")
    return found


def _get(url: str, headers: dict[str, str]) -> requests.Response:
    with requests.Session() as session:
        bound(session)
        return session.get(url, headers=headers, allow_redirects=False)
