"""The link by which a mail of news stops the next ones, without a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts import services
from accounts.tokens import find_news_reader


# Mail programs post here by themselves (RFC 8058), without cookie nor page before: the token is the proof.
@method_decorator([login_not_required, csrf_exempt, never_cache], name="dispatch")
class StopNewsView(View):
    """A button, since programs that read the mails follow their links; the POST stops."""

    http_method_names = ("get", "head", "post")

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponse:
        self.reader = find_news_reader(token)
        if self.reader is None:
            return self.page("invalid", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("button")

    def post(self, request: HttpRequest) -> HttpResponse:
        services.stop_news(user=self.reader)
        return self.page("done")

    def page(self, state: str, *, status: int = 200) -> HttpResponse:
        return render(self.request, "accounts/news_stop.html", {"state": state}, status=status)
