from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "cpf_portal"
    verbose_name = "portail"

    def ready(self):
        # The last application with models: the permissions of all of them exist by then.
        last = [app for app in apps.get_app_configs() if app.models_module][-1]
        post_migrate.connect(sync_roles, sender=last, dispatch_uid="cpf_portal.sync_roles")


def sync_roles(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Write the roles after each migration, and after the flush of a test."""
    from accounts import roles  # noqa: PLC0415 it needs the models, which are ready now

    # A migration that goes back to an older state lacks some permissions.
    roles.sync(using=using, is_strict=False)


class PortalAdminConfig(AdminConfig):
    default_site = "cpf_portal.admin_site.PortalAdminSite"
