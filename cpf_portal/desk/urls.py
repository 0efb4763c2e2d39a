"""The pages of the desk, under the administration site: its home is the site's own index."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path, reverse_lazy

from cpf_portal.desk.views import acts, file, releases, search, sensitive

PAGES: tuple[tuple[str, Callable, str], ...] = (
    ("recherche/", search.search, "desk_search"),
    ("recherche/<slug:key>/", search.found, "desk_found"),
    ("retraits/", releases.waiting, "desk_releases"),
    ("retraits/<int:pk>/", releases.decide, "desk_release"),
    ("dossier/<int:pk>/", file.show, "desk_file"),
    ("dossier/<int:pk>/note/", acts.note, "desk_note"),
    ("dossier/<int:pk>/courriel/<int:mail_pk>/", acts.resend, "desk_resend"),
    ("dossier/<int:pk>/faire/<slug:act>/", acts.act, "desk_act"),
    ("dossier/<int:pk>/suspendre/", acts.freeze, "desk_freeze"),
    ("dossier/<int:pk>/numero/", sensitive.reveal, "desk_reveal"),
    ("dossier/<int:pk>/retirer-le-numero/", releases.propose, "desk_propose_release"),
    ("dossier/<int:pk>/effacer/", sensitive.anonymise, "desk_anonymise"),
)


def desk_urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the desk, each behind the door of the administration."""
    return [path(f"bureau/{route}", _guarded(site, view), name=name) for route, view, name in PAGES]


def _guarded(site: AdminSite, view: Callable) -> Callable:
    guarded = site.admin_view(view)
    guarded.login_url = reverse_lazy("admin:login")  # not the sign-in page of the citizens
    return guarded
