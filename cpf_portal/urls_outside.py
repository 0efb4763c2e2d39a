"""The addresses of the portal for who may not reach the administration: the same, without it."""

from django.urls import URLResolver

from cpf_portal import urls

urlpatterns = [
    pattern
    for pattern in urls.urlpatterns
    if not (isinstance(pattern, URLResolver) and pattern.app_name == "admin")
]

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
