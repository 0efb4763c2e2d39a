from django.urls import path

from cpf_portal.demo.franceconnect import views

franceconnect_urls = [
    path(
        "franceconnect/.well-known/openid-configuration",
        views.discovery,
        name="franceconnect_discovery",
    ),
    path("franceconnect/authorize", views.AuthorizeView.as_view(), name="franceconnect_authorize"),
    path("franceconnect/token", views.token, name="franceconnect_token"),
    path("franceconnect/userinfo", views.userinfo, name="franceconnect_userinfo"),
    path("franceconnect/jwks", views.keys, name="franceconnect_keys"),
    path("franceconnect/session/end", views.logout, name="franceconnect_logout"),
]
