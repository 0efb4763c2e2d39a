from django.urls import path

from rights import views

app_name = "rights"
urlpatterns = [
    path("mes-droits/", views.summary, name="summary"),
    path("mes-dossiers/", views.dossiers, name="dossiers"),
]
