"""The web application: a service worker that keeps static files, and the page shown without a network."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# All that the offline page shows, and the scripts that the others ask for.
FILES = (
    "css/portal.css", "js/portal.js", "js/suggestions.js", "img/logo.svg", "img/favicon-32.png",
    "img/lost.svg",
)  # fmt: skip


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that its scope is the whole portal."""
    files = [static(name) for name in FILES]
    digest = hashlib.sha256("\n".join(files).encode()).hexdigest()[:12]
    context = {
        "name": f"portail-{digest}",
        "offline": reverse("pages:offline"),
        "files": json.dumps(files),
    }
    return render(request, "service_worker.js", context, content_type="text/javascript")


@login_not_required
@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Show nobody's page, whoever asks: browsers keep it."""
    request.user = AnonymousUser()
    return render(request, "pages/offline.html")
