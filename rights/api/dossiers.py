"""The dossiers of a provider: listed, read, answered, declared. Another provider’s are unknown here."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, NinjaAPI, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError

from rights.api import orders, reading, schemas
from rights.api.names import ORDERS
from rights.api.problems import Problem, documented, faults
from rights.api.security import ProviderBearer, key_refused
from rights.dossiers.states import Action
from rights.models import Scope

READING = ("cle-refusee", "usage-non-permis", "donnees-invalides", "trop-d-appels")
ORDERING = (
    "corps-illisible", "cle-refusee", "usage-non-permis", "dossier-inconnu", "action-impossible",
    "version-perimee", "corps-trop-long", "type-refuse", "donnees-invalides", "version-requise",
    "trop-d-appels",
)  # fmt: skip

api = NinjaAPI(
    title="Mon Compte Formation\u00a0: organismes",
    version="1.0.0",
    description="Les dossiers d’un organisme de formation, pour son propre logiciel.",
    urls_namespace="organismes",
    openapi_url=None,
    docs_url=None,
)


@api.get(
    "/dossiers",
    auth=ProviderBearer(Scope.READ),
    response=schemas.Page,
    operation_id="lister",
    summary="Lister les dossiers, du plus anciennement au plus récemment modifié",
    openapi_extra=documented(*READING),
    url_name="list",
)
def list_dossiers(request: HttpRequest, search: Query[schemas.Search]) -> dict[str, Any]:
    return reading.page(request.provider_key.provider, search, today=timezone.localdate())


@api.get(
    "/dossiers/{reference}",
    auth=ProviderBearer(Scope.READ),
    response=schemas.Dossier,
    operation_id="lire",
    summary="Lire un dossier",
    openapi_extra=documented(*READING, "dossier-inconnu"),
    url_name="read",
)
def read_dossier(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    dossier = reading.find(request.provider_key.provider, reference)
    response.headers["ETag"] = reading.etag(dossier)
    return reading.whole(dossier, today=timezone.localdate())


def _order(action: Action, body_type: type[schemas.Order]) -> Callable[..., dict[str, Any]]:
    def order(
        request: HttpRequest,
        response: HttpResponse,
        reference: str,
        body: body_type,
        if_match: str = Header(
            alias="If-Match", description='L’ETag du dossier lu, par exemple «\u00a0"3"\u00a0».'
        ),
        idempotency_key: str = Header(
            None,
            alias="Idempotency-Key",
            min_length=8,
            max_length=100,
            pattern=r"^[\x21-\x7e]+$",
            description="Un texte unique par ordre\u00a0: le même ordre renvoyé ne fait rien de plus.",
        ),
    ) -> dict[str, Any]:
        done = orders.carry_out(
            key=request.provider_key,
            action=action,
            reference=reference,
            details=body.details(),
            if_match=if_match,
            idempotency_key=idempotency_key,
        )
        response.headers["ETag"] = reading.etag(done.dossier)
        if done.is_replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return reading.whole(done.dossier, today=timezone.localdate())

    return order


for _action, (_name, _scope) in ORDERS.items():
    api.post(
        f"/dossiers/{{reference}}/{_name}",
        auth=ProviderBearer(_scope),
        response=schemas.Dossier,
        operation_id=_name,
        summary=_action.label,
        openapi_extra=documented(*ORDERING),
        url_name=_name,
    )(_order(_action, schemas.BODIES[_action]))


@api.exception_handler(AuthenticationError)
def _without_key(request: HttpRequest, error: Exception) -> HttpResponse:
    raise key_refused()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(fault["loc"] == ("header", "If-Match") for fault in error.errors):
        raise Problem("version-requise", "Lisez le dossier, puis rendez son ETag dans If-Match.")
    raise Problem("donnees-invalides", "Corrigez les données citées.", errors=faults(error.errors))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    # the only one that ninja raises by itself: a body that its parser refuses
    raise Problem("corps-illisible", "Envoyez un objet JSON, en UTF-8.")


@api.exception_handler(Exception)
def _other(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # to rights.api.edge, whatever DEBUG is
