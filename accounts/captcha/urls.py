"""Addresses of the captcha, to be added to those of accounts: `urlpatterns = [..., *captcha_urls]`."""

from django.urls import path

from accounts.captcha import views

captcha_urls = [
    path("inscription/controle/nouveau/", views.refresh, name="captcha_refresh"),
    path("inscription/controle/<str:key>/<int:number>.png", views.picture, name="captcha_image"),
    path("inscription/controle/<str:key>/son.wav", views.sound, name="captcha_sound"),
]
