"""Routes of the demonstration; the portal includes them only where settings.DEMONSTRATION is true."""

from django.urls import path

from cpf_portal.demo import views
from cpf_portal.demo.franceconnect.urls import franceconnect_urls

app_name = "demo"
urlpatterns = [
    *franceconnect_urls,
    path("", views.index, name="index"),
    path("composants/", views.components, name="components"),
    path("courriels/", views.mails, name="mails"),
    path("courriels/<str:mail_id>/", views.mail, name="mail"),
]
