from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "cpf_portal"
    verbose_name = "portail"


class PortalAdminConfig(AdminConfig):
    default_site = "cpf_portal.admin_site.PortalAdminSite"
