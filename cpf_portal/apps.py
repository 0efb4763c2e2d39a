from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "cpf_portal"
    verbose_name = "portail"
