"""When a step may be taken: each returns why not, as a French sentence, or "" when it may.

Those of a provider read the dossier alone, so that a list can ask them of many dossiers.
"""

from collections.abc import Callable
from datetime import date

from cpf_portal.ui.formats import date_fr
from rights.dossiers.states import AWAITING
from rights.models.dossier import Dossier

Condition = Callable[[Dossier, date], str]
# a provider under inquiry reads it: it says neither why nor of what
UNDER_EXAMINATION = (
    "L’assistance du portail examine ce dossier\u00a0: cette étape attend sa décision."
)


def always(dossier: Dossier, today: date) -> str:
    return ""


def in_time(dossier: Dossier, today: date) -> str:
    last = dossier.due_on or date.min
    if dossier.state in AWAITING and today > last:
        return f"Le délai de réponse est passé depuis le {date_fr(last)}."
    return ""


def overdue(dossier: Dossier, today: date) -> str:
    return "" if in_time(dossier, today) else "Le délai de réponse n’est pas passé."


def with_remainder(dossier: Dossier, today: date) -> str:
    return "" if dossier.remainder_cents else "Il ne reste rien à payer."


def without_remainder(dossier: Dossier, today: date) -> str:
    return "Il reste un montant à payer par carte." if dossier.remainder_cents else ""


def in_withdrawal(dossier: Dossier, today: date) -> str:
    last = dossier.withdrawal_until or date.min
    if today > last:
        return f"Le délai de rétractation est passé depuis le {date_fr(last)}."
    return ""


def free_of_charge(dossier: Dossier, today: date) -> str:
    last = dossier.free_cancellation_until or date.min
    if today > last:
        return (
            f"L’annulation sans frais était possible jusqu’au {date_fr(last)}. "
            "Vous pouvez encore annuler, mais vous perdriez le montant engagé."
        )
    return ""


def too_late(dossier: Dossier, today: date) -> str:
    """The money is lost only when no free way is left."""
    if not (in_withdrawal(dossier, today) and free_of_charge(dossier, today)):
        return "Vous pouvez encore annuler sans rien perdre."
    return ""


def started(dossier: Dossier, today: date) -> str:
    if today < dossier.starts_on:
        return f"La formation ne commence que le {date_fr(dossier.starts_on)}."
    return ""


def claimable(dossier: Dossier, today: date) -> str:
    """Force majeure matters once the money would be lost."""
    return claimable_in_training(dossier, today) or too_late(dossier, today)


def claimable_in_training(dossier: Dossier, today: date) -> str:
    if dossier.force_majeure_claimed_at:
        return "Vous avez déjà déclaré un cas de force majeure\u00a0: l’assistance l’examine."
    if is_claim_answered(dossier):
        return "L’assistance a déjà refusé le cas de force majeure que vous aviez déclaré."
    return ""


def is_claim_answered(dossier: Dossier) -> bool:
    """Ask the time line of one dossier; a list asks `DossierQuerySet.with_claim_answered`."""
    return Dossier.objects.claim_answered().filter(pk=dossier.pk).exists()


def claimed(dossier: Dossier, today: date) -> str:
    return "" if dossier.force_majeure_claimed_at else "Aucun cas de force majeure n’est déclaré."


def undisputed(dossier: Dossier, today: date) -> str:
    """The answer of the support comes first: it decides of the money."""
    if dossier.force_majeure_claimed_at:
        return "Un cas de force majeure est déclaré\u00a0: l’assistance doit d’abord répondre."
    if dossier.fraud_reported_at:
        return UNDER_EXAMINATION
    return ""


def late_undisputed(dossier: Dossier, today: date) -> str:
    return undisputed(dossier, today) or too_late(dossier, today)


def present(dossier: Dossier, today: date) -> str:
    if dossier.absence_until:
        return "Une absence est déclarée\u00a0: si c’est une erreur, l’organisme la retire d’abord."
    return ""


def absent(dossier: Dossier, today: date) -> str:
    return "" if dossier.absence_until else "Aucune absence n’est déclarée."


def started_present(dossier: Dossier, today: date) -> str:
    return present(dossier, today) or started(dossier, today)


def undisputed_present(dossier: Dossier, today: date) -> str:
    return undisputed(dossier, today) or present(dossier, today)


def started_undisputed_present(dossier: Dossier, today: date) -> str:
    return undisputed_present(dossier, today) or started(dossier, today)


def absence_stands(dossier: Dossier, today: date) -> str:
    """The days to claim force majeure are over, and nothing waits for the support."""
    if refusal := undisputed(dossier, today) or absent(dossier, today):
        return refusal
    last = dossier.absence_until or date.max
    if today <= last:
        return f"Un cas de force majeure peut être déclaré jusqu’au {date_fr(last)}."
    return ""


def reported(dossier: Dossier, today: date) -> str:
    return "" if dossier.fraud_reported_at else "Signalez d’abord la fraude."


def unreported(dossier: Dossier, today: date) -> str:
    return "Cette fraude est déjà signalée." if dossier.fraud_reported_at else ""


def unrated(dossier: Dossier, today: date) -> str:
    return "Vous avez déjà donné votre avis." if hasattr(dossier, "rating") else ""


def payable(dossier: Dossier, today: date) -> str:
    return in_time(dossier, today) or with_remainder(dossier, today)
