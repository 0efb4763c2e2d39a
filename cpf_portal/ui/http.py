"""What is read from a request before it can be trusted."""

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Return the address of the visitor.

    With n trusted proxies it is the n-th entry of X-Forwarded-For counted from the right, the side
    that our own proxies wrote; a client can forge only what stands further left.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies][:64]
    return request.META.get("REMOTE_ADDR", "")
