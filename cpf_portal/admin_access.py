"""Where the administration is, and from where it is reached: two settings, and a 404 for everybody else."""

import ipaddress
import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from cpf_portal.ui.http import client_ip

Network = IPv4Network | IPv6Network
PATH = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*/?")
OUTSIDE = "cpf_portal.urls_outside"


def admin_path(text: str) -> str:
    """Return the path of the administration as Django's URLs take it: « bureau/ ».

    Raises ImproperlyConfigured for what is not lower-case words parted by slashes.
    """
    path = text.strip().strip("/")
    if not PATH.fullmatch(path):
        raise ImproperlyConfigured(
            "ADMIN_PATH doit être un chemin en minuscules, chiffres et tirets, comme admin/ ou "
            "bureau/agents/."
        )
    return f"{path}/"


def admin_networks(texts: list[str]) -> list[Network]:
    """Return the networks from which the administration is reached; none means from everywhere.

    Raises ImproperlyConfigured for what is not an address or a network (192.0.2.0/24, 2001:db8::/32).
    """
    try:
        return [ipaddress.ip_network(text.strip()) for text in texts]
    except ValueError:
        raise ImproperlyConfigured(
            "ADMIN_NETWORKS doit nommer des adresses ou des réseaux, comme 192.0.2.0/24 ou "
            "2001:db8::/32, séparés par des virgules."
        ) from None


class AdminNetworksMiddleware:
    """From elsewhere the administration does not exist: its addresses answer as any unknown page does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_of_the_administration(request.path_info) and not is_let_in(request):
            request.urlconf = OUTSIDE
        return self.get_response(request)


def is_of_the_administration(path: str) -> bool:
    return f"{path}/".startswith(f"/{settings.ADMIN_PATH}")


def is_let_in(request: HttpRequest) -> bool:
    """Whether this visitor may know that there is an administration."""
    networks = settings.ADMIN_NETWORKS
    return not networks or _is_within(client_ip(request), networks)


def _is_within(text: str, networks: list[Network]) -> bool:
    try:
        address: IPv4Address | IPv6Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
