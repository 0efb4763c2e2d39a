"""manage.py audit_verify: prove that nobody has touched the audit trail (docs/audit.md)."""

from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.audit_verifying import ExportedHead, Verification
from accounts.models import AuditMark

SHOWN = 20  # faults; the first is the one to look at


class Command(BaseCommand):
    help = (
        "Vérifie la piste d’audit\u00a0; code de sortie 1 et chaque ligne fautive nommée. "
        "La tête exportée, gardée hors de la machine, prouve plus tard que rien n’a été coupé."
    )

    def add_arguments(self, parser):
        parser.add_argument("--head", type=Path, metavar="FICHIER", help="Une tête déjà exportée.")
        parser.add_argument(
            "--export-head", type=Path, metavar="FICHIER", help="Écrire la tête si tout concorde."
        )

    def handle(self, *, head: Path | None, export_head: Path | None, **options):
        exported = read_head(head) if head else None
        # before the walk, which then proves it: what is exported was verified
        present = AuditMark.objects.filter(name=AuditMark.HEAD).first()
        verification = Verification()
        faults = list(islice(verification.faults(), SHOWN))
        if exported and len(faults) < SHOWN:
            faults += verification.head_faults(exported)
        for fault in faults:
            self.stderr.write(f"ligne n° {fault.position}\u00a0: {fault.what}")
        if faults:
            more = " au moins" if len(faults) >= SHOWN else ""
            raise CommandError(f"Anomalies dans la piste d’audit\u00a0: {len(faults)}{more}.")
        self.stdout.write(f"{verification.count} lignes\u00a0: tout concorde")
        if export_head and present:
            head_now = ExportedHead.of(present, now=timezone.now())
            export_head.write_text(head_now.dump(), encoding="utf-8")


def read_head(path: Path) -> ExportedHead:
    try:
        return ExportedHead.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CommandError(
            f"{path} n’est pas une tête que ce portail a exportée (ou AUDIT_KEY a changé)."
        ) from None
