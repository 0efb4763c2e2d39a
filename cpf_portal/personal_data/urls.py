from django.urls import path

from cpf_portal.personal_data import views

app_name = "personal_data"

urlpatterns = [
    path("donnees/", views.MyDataView.as_view(), name="mine"),
    path("donnees/<str:extension>/", views.DownloadView.as_view(), name="download"),
    path("fermeture/", views.CloseView.as_view(), name="close"),
]
