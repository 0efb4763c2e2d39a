from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "comptes"

    def ready(self):
        from accounts import sessions  # noqa: PLC0415 it needs the models, which are ready now

        sessions.connect()
