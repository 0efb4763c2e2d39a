from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "cpf_portal.ui"
    label = "ui"
