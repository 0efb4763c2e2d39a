"""What is told when a sign-in by FranceConnect stops: never a code, always a way on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.exceptions import AccountBlocked
from accounts.franceconnect.exceptions import FranceConnectError, IdentityMismatch, Reason

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    title: str
    text: str
    can_retry: bool = True


PAGES = {
    Reason.REFUSED: Page(
        403,
        "Vous n’avez pas terminé avec FranceConnect",
        "Vous avez interrompu l’identification, ou refusé la transmission de votre identité. "
        "Rien ne nous a été transmis.",
    ),
    Reason.UNAVAILABLE: Page(
        503,
        "FranceConnect ne répond pas",
        "Le service est momentanément indisponible. Réessayez dans quelques minutes, "
        "ou utilisez votre mot de passe si vous en avez un.",
    ),
    Reason.LOST: Page(
        400,
        "Votre demande n’a pas été retrouvée",
        "Elle a déjà servi, elle date de plus de dix minutes, ou elle vient d’un autre navigateur. "
        "Si le message revient, autorisez les cookies de ce site.",
    ),
    Reason.EXPIRED: Page(
        400,
        "Le délai est passé",
        "La réponse de FranceConnect ne vaut que quelques secondes et ne sert qu’une fois. "
        "Recommencez\u00a0: cela ne prend qu’un instant.",
    ),
    Reason.UNTRUSTED: Page(
        502,
        "La réponse n’a pas pu être vérifiée",
        "Par sécurité, nous n’avons pas tenu compte de la réponse reçue au nom de FranceConnect. "
        "Recommencez\u00a0; si le message revient, demandez de l’aide.",
    ),
    Reason.LEVEL: Page(
        403,
        "Ce moyen d’identification ne suffit pas",
        "Ce site demande une identité plus sûre. Recommencez et choisissez, sur la page de FranceConnect, "
        "un autre moyen de vous identifier.",
    ),
    Reason.INCOMPLETE: Page(
        403,
        "Votre identité est incomplète",
        "FranceConnect ne nous a pas transmis tout ce qui permet de reconnaître votre numéro de sécurité "
        "sociale. Vous pouvez créer votre compte sans FranceConnect.",
        can_retry=False,
    ),
    Reason.OTHER_PERSON: Page(
        409,
        "Ce n’est pas l’identité de ce compte",
        "L’identité transmise par FranceConnect n’est pas celle du titulaire de ce compte, "
        "ou elle ouvre déjà un autre compte. Rien n’a été modifié.",
        can_retry=False,
    ),
}


def told_in_french(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Turn the FranceConnectError of a view into its page; a blocked account tells why, as to a password."""

    @wraps(view)
    def told(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except FranceConnectError as error:
            # Reasons and kinds of faults only: nothing of the person is in them.
            logger.warning("FranceConnect : %s", error)
            return error_page(request, error.reason)
        except AccountBlocked as blocked:
            context = {"reason": blocked.reason, "is_told": True}
            return render(request, "accounts/blocked.html", context, status=403)
        except IdentityMismatch:  # the register changed while the person was typing
            return error_page(request, Reason.OTHER_PERSON)

    return told


def error_page(request: HttpRequest, reason: Reason) -> HttpResponse:
    page = PAGES[reason]
    response = render(
        request, "accounts/franceconnect/error.html", {"page": page}, status=page.status
    )
    if reason is Reason.UNAVAILABLE:
        response.headers["Retry-After"] = "60"
    return response
