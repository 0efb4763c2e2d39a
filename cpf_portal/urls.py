from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from cpf_portal import sitemaps, views

urlpatterns = [
    path("", views.home, name="home"),
    path("sante/", views.health, name="health"),
    path("", include("accounts.urls")),
    path("mon-compte/", include("cpf_portal.personal_data.urls")),
    path("mon-compte/", include("catalogue.saved.urls")),
    path("", include("rights.urls")),
    path("api/organismes/v1/", include("rights.api.urls")),
    # the same address as catalogue:search, with what the catalogue may not know: the rights of the person
    path("formations/", views.search, name="search"),
    path("formations/", include("catalogue.urls")),
    path("", include("cpf_portal.pages.urls")),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.part, name="sitemap_part"),
    path(settings.ADMIN_PATH, admin.site.urls),
]
if settings.DEMONSTRATION:
    urlpatterns.append(path("demo/", include("cpf_portal.demo.urls")))

handler400 = "cpf_portal.errors.bad_request"
handler403 = "cpf_portal.errors.permission_denied"
handler404 = "cpf_portal.errors.not_found"
handler500 = "cpf_portal.errors.server_error"
