"""Who calls: a key in the Authorization header, bound to one provider, limited, and nothing else."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from accounts import limits
from cpf_portal.ui.http import client_ip
from rights import services
from rights.api.problems import Problem
from rights.models import ProviderKey, Scope

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="organismes"'}
HINT = "Donnez une clé valide\u00a0: Authorization: Bearer mcf_… L’assistance du portail délivre les clés."


def key_refused() -> Problem:
    return Problem("cle-refusee", HINT, headers=CHALLENGE)


class ProviderBearer(HttpBearer):
    """The key must allow `scope`. No cookie and no session is read."""

    openapi_description = "Clé délivrée par l’assistance du portail, liée à un SIRET."

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ProviderKey:
        key = services.find_provider_key(text=token, now=timezone.now())
        if key is None:
            limits.hit("provider-key", ip=client_ip(request))
            raise key_refused()
        request.provider_key = key
        limits.hit("provider-api", person=key.prefix)
        if not key.allows(self.scope):
            raise Problem(
                "usage-non-permis", f"Cette clé ne permet pas de\u00a0: {self.scope.label}."
            )
        return key
