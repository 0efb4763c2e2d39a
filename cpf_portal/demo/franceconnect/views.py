"""A provider of identity that plays FranceConnect where there is no network, and is as strict."""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cpf_portal.demo.franceconnect import tokens
from cpf_portal.demo.franceconnect.people import CITIZENS, citizen
from cpf_portal.demo.franceconnect.rules import (
    LEVELS,
    SCOPES,
    Authorization,
    Refused,
    issuer,
    redirect_uri,
)
from cpf_portal.franceconnect import PLAYED_CLIENT


@login_not_required
@require_safe
def discovery(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": _url("authorize"),
            "token_endpoint": _url("token"),
            "userinfo_endpoint": _url("userinfo"),
            "end_session_endpoint": _url("logout"),
            "jwks_uri": _url("keys"),
            "scopes_supported": sorted(SCOPES),
            "acr_values_supported": LEVELS,
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "userinfo_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    )


@login_not_required
@require_safe
def keys(request: HttpRequest) -> JsonResponse:
    return JsonResponse(tokens.public_keys())


@method_decorator([login_not_required, never_cache], name="dispatch")
class AuthorizeView(View):
    """Shows the five people; the one who is chosen, or a refusal, goes back to the portal."""

    def dispatch(self, request, *args, **kwargs):
        try:
            self.authorization = Authorization.read(request.GET)
        except Refused as refused:
            return self.refuse(refused)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return render(request, "demo/franceconnect/choose.html", {"citizens": CITIZENS})

    def post(self, request):
        chosen = citizen(request.POST.get("person", ""))
        if chosen is None:
            return self.go_back(error="access_denied", error_description="Refus de la personne")
        grant = tokens.Grant(authorization=self.authorization, citizen=chosen)
        return self.go_back(code=tokens.issue_code(grant))

    def refuse(self, refused: Refused) -> HttpResponse:
        if refused.is_sure:
            return self.go_back(error=refused.error, error_description=refused.description)
        context = {"description": refused.description}
        return render(self.request, "demo/franceconnect/refused.html", context, status=400)

    def go_back(self, **answer: str) -> HttpResponse:
        answer |= {"state": self.request.GET.get("state", ""), "iss": issuer()}
        return redirect(f"{redirect_uri()}?{urlencode(answer)}")


# Called by the portal itself, server to server: no browser, hence no CSRF token.
@csrf_exempt
@login_not_required
@never_cache
@require_POST
def token(request: HttpRequest) -> JsonResponse:
    if not _is_our_client(request):
        return JsonResponse({"error": "invalid_client"}, status=401)
    if request.POST.get("grant_type") != "authorization_code":
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    grant = tokens.redeem_code(request.POST.get("code", ""))
    if grant is None or request.POST.get("redirect_uri") != redirect_uri():
        return JsonResponse({"error": "invalid_grant"}, status=400)
    return JsonResponse(
        {
            "access_token": tokens.issue_access_token(grant),
            "token_type": "Bearer",
            "expires_in": tokens.ACCESS_SECONDS,
            "id_token": tokens.id_token(grant),
        }
    )


@login_not_required
@never_cache
@require_safe
def userinfo(request: HttpRequest) -> HttpResponse:
    scheme, _, access_token = request.headers.get("Authorization", "").partition(" ")
    grant = tokens.redeem_access_token(access_token) if scheme == "Bearer" else None
    if grant is None:
        return JsonResponse({"error": "invalid_token"}, status=401)
    return HttpResponse(tokens.userinfo(grant), content_type="application/jwt")


@login_not_required
@never_cache
@require_safe
def logout(request: HttpRequest) -> HttpResponse:
    """End a session that this provider does not keep: each passage asks who one is."""
    target = request.GET.get("post_logout_redirect_uri")
    if target != settings.SITE_URL + reverse("accounts:franceconnect_left"):
        context = {"description": "post_logout_redirect_uri non déclarée"}
        return render(request, "demo/franceconnect/refused.html", context, status=400)
    return redirect(f"{target}?{urlencode({'state': request.GET.get('state', '')})}")


def _is_our_client(request: HttpRequest) -> bool:
    return all(
        secrets.compare_digest(request.POST.get(name, "").encode(), value.encode())
        for name, value in PLAYED_CLIENT.items()
    )


def _url(name: str) -> str:
    return settings.SITE_URL + reverse(f"demo:franceconnect_{name}")
