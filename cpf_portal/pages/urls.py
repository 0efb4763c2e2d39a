from django.urls import path

from cpf_portal.pages import views, worker
from cpf_portal.pages.topics import TOPICS

app_name = "pages"

urlpatterns = [
    path(
        "comprendre/",
        views.content_page("understand.html", "Comprendre la formation", topics=TOPICS),
        name="understand",
    ),
    path("comprendre/<slug:slug>/", views.understand_topic, name="understand_topic"),
    path("aide/", views.help_page, name="help"),
    path("mentions-legales/", views.content_page("legal.html", "Mentions légales"), name="legal"),
    path("cgu/", views.terms, name="terms"),
    path("cgu/<slug:number>/", views.terms, name="terms_version"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path(
        "plan-du-site/",
        views.content_page("sitemap.html", "Plan du site", topics=TOPICS),
        name="sitemap",
    ),
    path(
        "application/",
        views.content_page("application.html", "Installer l’application"),
        name="application",
    ),
    path("service-worker.js", worker.service_worker, name="service_worker"),
    path("hors-connexion/", worker.offline, name="offline"),
    path("robots.txt", views.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
