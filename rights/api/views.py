"""What is open to everybody: the description of the API and the list of its refusals."""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from rights.api.dossiers import api
from rights.api.problems import PROBLEMS, ProblemBody


@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI 3.1 description, made from the code that answers."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@cache
def description() -> dict:
    schema = api.get_openapi_schema()
    schemas = schema["components"]["schemas"]
    problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"ProblemBody": problem}
    return schema | {"servers": [{"url": settings.SITE_URL}]}


@require_GET
def problems(request: HttpRequest) -> JsonResponse:
    """What each `type` of a refusal means."""
    known = {name: {"status": status, "title": title} for name, (status, title) in PROBLEMS.items()}
    return JsonResponse(known, json_dumps_params={"ensure_ascii": False})


def unknown(request: HttpRequest) -> JsonResponse:
    raise Http404
