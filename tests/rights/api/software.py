"""A provider's software, as the API sees it."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from catalogue.models import Provider
from rights.dossiers.states import Action as A
from rights.models import Dossier, ProviderKey, Scope
from rights.services import make_provider_key
from tests.rights.dossiers.steps import STARTS_ON

ROOT = "/api/organismes/v1/"
BODIES: dict[A, dict[str, Any]] = {
    A.PROPOSE: {"debut_le": (STARTS_ON + timedelta(days=7)).isoformat(), "note": "Plus tard."},
    A.REFUSE: {"motif": "Le groupe est complet."},
    A.CANCEL_BY_PROVIDER: {"motif": "Le formateur est absent.", "part_realisee": 40},
    A.DECLARE_SERVICE: {"part_realisee": 100},
}


class Software:
    """Calls with one key; `client` is its own, without any cookie."""

    def __init__(self, provider: Provider, *scopes: Scope, **fields: Any) -> None:
        self.key: ProviderKey
        self.key, self.text = make_provider_key(
            provider=provider,
            label="Essai",
            scopes=list(scopes or Scope),
            expires_on=timezone.localdate() + timedelta(days=300),
            author=None,
        )
        self.client = Client(raise_request_exception=True)

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self.client.get(ROOT + path, **self._options(options))

    def head(self, path: str, **options: Any) -> HttpResponse:
        return self.client.head(ROOT + path, **self._options(options))

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        content = body if isinstance(body, str | bytes) else json.dumps(body or {})
        options.setdefault("content_type", "application/json")
        return self.client.post(ROOT + path, content, **self._options(options))

    def order(self, dossier: Dossier, name: str, body: Any = None, **headers: str) -> HttpResponse:
        """Order at the version that the dossier has, as somebody who has just read it."""
        version = Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)
        headers = {"If-Match": f'"{version}"', **headers}
        return self.post(f"dossiers/{dossier.reference}/{name}", body, headers=headers)

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.text}", **options.pop("headers", {})}
        return {"headers": headers, **options}


def problem(response: HttpResponse) -> str:
    """Return the name of the refusal, once it is seen to be one."""
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    return body["type"].rpartition("#")[2]
