"""What search engines may read: the pages of text, and every published offer, in parts.

A demonstration has none: its pages are not to be found (settings.NOINDEX).
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.models import Offer
from cpf_portal.pages.topics import TOPICS

OFFERS_A_PART = 10_000  # sitemaps.org allows 50,000; so many take less than a second to write
MAX_AGE = 3600  # seconds
PAGES = (
    "home",
    "catalogue:search",
    "pages:understand",
    "pages:help",
    "pages:legal",
    "pages:terms",
    "pages:privacy",
    "pages:cookies",
    "pages:accessibility",
    "pages:sitemap",
    "pages:application",
)


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        topics = [reverse("pages:understand_topic", args=[topic.slug]) for topic in TOPICS]
        return [*map(reverse, PAGES), *topics]

    def location(self, item: str) -> str:
        return item


class OfferSitemap(Sitemap):
    limit = OFFERS_A_PART

    def items(self):
        return Offer.objects.published().only("public_id", "updated_at").order_by("pk")

    def lastmod(self, item: Offer):
        return item.updated_at

    def get_latest_lastmod(self):
        """Ask for the latest alone: Django would read every offer for it."""
        return Offer.objects.published().aggregate(latest=Max("updated_at"))["latest"]


SITEMAPS = {"pages": PageSitemap, "formations": OfferSitemap}


def _public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_not_required
    @require_safe
    @cache_control(public=True, max_age=MAX_AGE)
    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs) -> HttpResponse:
        if settings.NOINDEX:
            raise Http404
        return view(request, sitemaps=SITEMAPS, **kwargs)

    return wrapper


@_public
def index(request: HttpRequest, **kwargs) -> HttpResponse:
    """Name the parts."""
    return views.index(request, sitemap_url_name="sitemap_part", **kwargs)


@_public
def part(request: HttpRequest, **kwargs) -> HttpResponse:
    """Write the addresses of one part: `?p=` is its number within its section."""
    return views.sitemap(request, **kwargs)
