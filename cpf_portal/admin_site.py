"""The administration site: Django's own, where what is posted leaves a trace and no address fails."""

from functools import wraps

from django.contrib.admin.views.main import ERROR_FLAG
from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect

from accounts.staff.site import SecondFactorSite
from cpf_portal.auditing import staff_action
from cpf_portal.ui.admin_lists import bounded

# What the links of a `date_hierarchy` may ask; Django answers 500 beyond. The year after must exist too.
BOUNDS = {"__year": (2, 9998), "__month": (1, 12), "__day": (1, 31)}


class PortalAdminSite(SecondFactorSite):
    enable_nav_sidebar = False  # the desk leads to the rooms; the lists need the place

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register a list that costs the same whatever the table holds."""
        super().register(model_or_iterable, bounded(admin_class), **options)

    def get_urls(self):
        from cpf_portal.desk.export_pages import export_urls  # noqa: PLC0415 its views need the models
        from cpf_portal.desk.reply_pages import reply_urls  # noqa: PLC0415 as above
        from cpf_portal.desk.urls import desk_urls  # noqa: PLC0415 as above

        return [*desk_urls(self), *export_urls(self), *reply_urls(self), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context=None):
        """The home of the desk; the rooms of the administration stand below."""
        from cpf_portal.desk.views.search import home  # noqa: PLC0415 its views need the models

        return home(request)

    def admin_view(self, view, cacheable=False):
        """Show the whole list instead of a date that no calendar has, as Django does of other filters."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def dated(request: HttpRequest, *args, **kwargs):
            if not _are_dates_possible(request.GET):
                return redirect(f"{request.path}?{ERROR_FLAG}=1")
            if request.method != "POST":
                return guarded(request, *args, **kwargs)
            with staff_action(request, view) as done:
                return done(guarded(request, *args, **kwargs))

        return dated


def _are_dates_possible(query: QueryDict) -> bool:
    return all(
        _is_between(value, *bounds)
        for name, values in query.lists()
        for part, bounds in BOUNDS.items()
        if name.endswith(part)
        for value in values
    )


def _is_between(text: str, least: int, most: int) -> bool:
    try:
        return least <= int(text) <= most
    except ValueError:
        return False
