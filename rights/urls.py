from django.urls import path

from rights import views

app_name = "rights"
urlpatterns = [
    path("mes-droits/", views.summary, name="summary"),
    path("mes-droits/historique.csv", views.history_csv, name="history_csv"),
    path("mes-droits/dif/", views.dif, name="dif"),
    path("mes-droits/dif/justificatif/", views.dif_proof, name="dif_proof"),
    path("mes-droits/heures/", views.hours, name="hours"),
    path("mes-droits/declarations/", views.declarations, name="declarations"),
    path("mes-droits/declarations/<slug:slug>/", views.declaration, name="declaration"),
    path("mes-droits/attestations/", views.issue_attestation, name="issue_attestation"),
    path("mes-droits/attestations/<slug:code>/", views.attestation, name="attestation"),
    path("mes-droits/attestations/<slug:code>.pdf", views.attestation_pdf, name="attestation_pdf"),
    path("mes-dossiers/", views.dossiers, name="dossiers"),
    path("mes-dossiers/nouveau/<int:pk>/", views.enrol, name="enrol"),
    path("mes-dossiers/<slug:reference>/", views.dossier, name="dossier"),
    path("mes-dossiers/<slug:reference>/paiement/", views.payment, name="payment"),
    path(
        "mes-dossiers/<slug:reference>/paiement/retour/",
        views.payment_return,
        name="payment_return",
    ),
    path("mes-dossiers/<slug:reference>/<slug:slug>/", views.dossier_step, name="dossier_step"),
]
