from django.urls import path, re_path

from rights.api import views
from rights.api.dossiers import api
from rights.api.edge import guarded

app_name = "organismes"
urlpatterns = [
    guarded(pattern)
    for pattern in (
        path("openapi.json", views.openapi, name="openapi"),
        path("problemes.json", views.problems, name="problems"),
        *api.urls[0],
        re_path(r"", views.unknown, name="unknown"),
    )
]
