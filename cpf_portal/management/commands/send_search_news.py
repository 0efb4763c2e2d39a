from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalogue.search import IndexUnavailable
from cpf_portal.news import send_news


class Command(BaseCommand):
    help = (
        "Prépare le courriel de la semaine : les nouvelles formations des recherches enregistrées, pour "
        "qui l’a demandé. À lancer chaque jour : chacun reçoit au plus un courriel par semaine, et rien "
        "quand rien n’est nouveau. Interrompue, la commande reprend où elle en était."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Compter sans rien envoyer.")

    def handle(self, *args, dry_run: bool, **options):
        try:
            told = send_news(today=timezone.localdate(), is_dry_run=dry_run)
        except IndexUnavailable as error:
            raise CommandError(
                f"L’index de recherche ne se lit pas ({error}). Lancez « python manage.py "
                "rebuild_index », puis cette commande : les personnes déjà vues ne le seront pas deux fois."
            ) from None
        self.stdout.write(
            f"Recherches regardées : {told.searches}. Formations nouvelles : {told.trainings}. "
            f"Courriels {'à préparer' if dry_run else 'préparés'} : {told.mails}."
        )
        if dry_run:
            self.stdout.write("Rien n’a été envoyé ni noté.")
