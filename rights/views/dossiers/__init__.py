"""Mes dossiers de formation."""

from rights.views.dossiers.enrol import enrol
from rights.views.dossiers.lists import dossier, dossiers
from rights.views.dossiers.payment import payment, payment_return
from rights.views.dossiers.steps import dossier_step

__all__ = ["dossier", "dossier_step", "dossiers", "enrol", "payment", "payment_return"]
