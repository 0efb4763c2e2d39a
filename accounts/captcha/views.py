"""Pictures, sound and renewal of the challenges of one's own session."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.captcha.challenges import PICTURES, Challenge, issue, live
from accounts.captcha.drawing import picture_png
from accounts.captcha.fields import too_many_sentence
from accounts.captcha.sound import spoken_wav
from cpf_portal.ui.errors import TooManyRequests
from cpf_portal.ui.http import client_ip

ONE_RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})")


@login_not_required
@never_cache
@require_safe
def picture(request: HttpRequest, key: str, number: int) -> HttpResponse:
    challenge = live_or_404(request, key)
    if not 1 <= number <= PICTURES:
        raise Http404
    return HttpResponse(picture_png(challenge.objects[number - 1]), content_type="image/png")


@login_not_required
@never_cache
@require_safe
def sound(request: HttpRequest, key: str) -> HttpResponse:
    challenge = live_or_404(request, key)
    return ranged(request, spoken_wav(challenge.digits, challenge.key), "audio/wav")


@login_not_required
@never_cache
@require_POST
def refresh(request: HttpRequest) -> JsonResponse:
    try:
        challenge = issue(request.session, ip=client_ip(request))
    except TooManyRequests as refusal:
        return JsonResponse(
            {"message": too_many_sentence(refusal.retry_after)},
            status=refusal.status,
            headers={"Retry-After": str(refusal.retry_after)},
        )
    return JsonResponse(shown(challenge))


def live_or_404(request: HttpRequest, key: str) -> Challenge:
    challenge = live(request.session, key)
    if challenge is None:
        raise Http404
    return challenge


def shown(challenge: Challenge) -> dict:
    """What a page needs to show the challenge: all but the answer."""
    return {
        "key": challenge.key,
        "word": challenge.word,
        "pictures": [
            reverse("accounts:captcha_image", args=(challenge.key, number))
            for number in range(1, PICTURES + 1)
        ],
        "sound": reverse("accounts:captcha_sound", args=(challenge.key,)),
    }


def ranged(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """Answer the one range that Safari asks for before it plays a sound, or the whole body."""
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    headers = {"Accept-Ranges": "bytes"}
    if not asked:
        return HttpResponse(body, content_type=content_type, headers=headers)
    start, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
    if start > last:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return HttpResponse(status=416, content_type=content_type, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{last}/{len(body)}"
    return HttpResponse(
        body[start : last + 1], status=206, content_type=content_type, headers=headers
    )
