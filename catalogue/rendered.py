"""Pages of results as visitors see them, kept for as long as the same search gives the same answer.

They stay with the answer itself (Window.shown): a new state of the index, another day or an offer
withdrawn makes another page. What is made for a signed-in person is never kept.
"""

from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from catalogue import comparing
from catalogue.search import SearchResults


def page(
    request: HttpRequest, results: SearchResults, render: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the page of these results: the kept one when there is one, else what `render` makes."""
    # the bar of the offers to compare tells of others than those found
    if request.user.is_authenticated or get_messages(request) or comparing.NAME in request.GET:
        return render()
    shown = tuple(hit.offer.pk for hit in results.hits)  # without those withdrawn meanwhile
    key = "page", request.GET.urlencode(), shown
    content = results.shown.get(key)
    if content is not None:
        return HttpResponse(content)
    response = render()
    # a form with a token would be one visitor's own
    if response.status_code == 200 and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        results.shown.put(key, response.content)
    return response
