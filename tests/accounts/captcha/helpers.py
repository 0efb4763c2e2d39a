"""Answer the captcha in a test as a person would: there is no test mode, the answer is in the store."""

import re

from captcha.models import CaptchaStore
from django.http import HttpResponse

KEY_IN_PAGE = re.compile(r'name="\w+_0"\s+value="([0-9a-f]{40})"\s+data-portal-captcha-key')


def right_answer(key: str) -> tuple[str, str]:
    """Return the index of the right picture and the five digits of the sound."""
    index, digits = CaptchaStore.objects.get(hashkey=key).response.split(":")
    return index, digits


def wrong_choice(key: str) -> str:
    """Return the index of a picture that is not the right one."""
    return str((int(right_answer(key)[0]) + 1) % 5)


def key_in(page) -> str:
    """Return the key of the challenge shown by a form, an answer of the client or its HTML."""
    if hasattr(page, "fields"):
        return page.fields["captcha"].widget.challenge.key
    html = page.content.decode() if isinstance(page, HttpResponse) else page
    return KEY_IN_PAGE.search(html)[1]


def solve(page, *, by_ear: bool = False) -> dict[str, str]:
    """Return the three values to post for the challenge shown by `page` (see key_in)."""
    key = key_in(page)
    index, digits = right_answer(key)
    return {
        "captcha_0": key,
        "captcha_1": "" if by_ear else index,
        "captcha_2": digits if by_ear else "",
    }
