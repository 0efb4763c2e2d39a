from django.urls import path

from rights import views

app_name = "rights"
urlpatterns = [
    path("mes-droits/", views.summary, name="summary"),
    path("mes-droits/dif/", views.dif, name="dif"),
    path("mes-droits/dif/justificatif/", views.dif_proof, name="dif_proof"),
    path("mes-dossiers/", views.dossiers, name="dossiers"),
]
