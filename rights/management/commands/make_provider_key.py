"""manage.py make_provider_key SIRET: a key of the API for the software of a provider, printed once."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalogue.models import Provider
from cpf_portal.ui.formats import date_fr
from rights.models import Scope
from rights.services import make_provider_key

SCOPES = {"lire": Scope.READ, "repondre": Scope.ANSWER, "declarer": Scope.DECLARE}
MAX_DAYS = 2 * 365


class Command(BaseCommand):
    help = (
        "Crée une clé de l’API des organismes et l’écrit une seule fois\u00a0: le portail n’en garde"
        " qu’une empreinte. Elle se révoque dans l’administration."
    )

    def add_arguments(self, parser):
        parser.add_argument("siret")
        parser.add_argument("--label", default="Créée par une commande")
        parser.add_argument("--days", type=int, default=30, help="jours de validité, 730 au plus")
        parser.add_argument("--scopes", nargs="+", choices=SCOPES, default=list(SCOPES))

    def handle(self, *args, siret, label, days, scopes, **options):
        provider = Provider.objects.filter(siret=siret).first()
        if provider is None:
            raise CommandError("Aucun organisme du catalogue n’a ce SIRET.")
        if not 1 <= days <= MAX_DAYS:
            raise CommandError(f"Donnez de 1 à {MAX_DAYS} jours.")
        key, text = make_provider_key(
            provider=provider,
            label=label,
            scopes=[SCOPES[name] for name in scopes],
            expires_on=timezone.localdate() + timedelta(days=days),
            author=None,
        )
        self.stderr.write(f"{key}, {provider.name}, jusqu’au {date_fr(key.expires_on)}.")
        self.stdout.write(text)
