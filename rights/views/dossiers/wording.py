"""What a page says of a dossier: where it stands, what comes next, what a step will change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cpf_portal.ui.formats import date_fr, euros
from rights.dossiers.states import Action, State
from rights.dossiers.transitions import Effect, Transition
from rights.models import Dossier, ReservationState

REFUND_DAYS = 30  # calendar days, conditions particulières

# What she has to do, in a few words; where it is empty the sentence depends on the dossier.
STEPS = {
    State.DRAFT: "Relire, puis envoyer la demande",
    State.REQUESTED: "Attendre la réponse de l’organisme",
    State.PROPOSED: "Accepter ou refuser la proposition",
    State.TO_VALIDATE: "Valider votre inscription",
    State.PAYING: "Payer le reste par carte",
    State.PAYMENT_REFUSED: "Payer le reste de nouveau",
    State.IN_TRAINING: "Suivre la formation",
    State.FINISHED: "Attendre que l’organisme déclare le service fait",
}
# What happens when the day of `due_on` is over.
AFTERWARDS = "Passé ce jour, la demande est annulée et vos droits vous reviennent."


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier in a list, with its next date and what to do."""

    dossier: Dossier
    next_on: date | None
    next_step: str


def row(dossier: Dossier, today: date) -> Row:
    """Return how the list shows `dossier`, read with its reservation and its rating."""
    if dossier.is_closed:
        return Row(dossier, dossier.closed_at, outcome(dossier))
    next_on, step = milestone(dossier, today)
    return Row(dossier, next_on, step)


def milestone(dossier: Dossier, today: date) -> tuple[date | None, str]:
    """Return the next date of a dossier that is not closed, and what it stands for."""
    if dossier.state == State.VALIDATED:
        return next(
            ((day, step) for day, step in _validated(dossier) if day >= today),
            (dossier.starts_on, "Commencer la formation"),
        )
    if dossier.state in {State.IN_TRAINING, State.FINISHED}:
        day = dossier.ends_on if dossier.state == State.IN_TRAINING else None
        return day, STEPS[State(dossier.state)]
    if dossier.state == State.DRAFT:
        return dossier.starts_on, STEPS[State.DRAFT]
    return dossier.due_on, STEPS[State(dossier.state)]


def _validated(dossier: Dossier) -> list[tuple[date, str]]:
    return sorted(
        [
            (dossier.withdrawal_until, "Dernier jour pour vous rétracter"),
            (dossier.free_cancellation_until, "Dernier jour pour annuler sans frais"),
            (dossier.starts_on, "Début de la formation"),
        ]
    )


def outcome(dossier: Dossier) -> str:
    """Say what became of the rights of a closed dossier."""
    reservation = dossier.reservation
    if reservation is None or reservation.state == ReservationState.RELEASED:
        return "Vos droits vous sont revenus"
    spent = euros(reservation.spent_cents)
    if dossier.state == State.SETTLED:
        return f"{spent} de droits utilisés"
    return f"{spent} de droits perdus"


def status(dossier: Dossier) -> str:
    """Say in one sentence whose turn it is, and by which day."""
    by = f"au plus tard le {date_fr(dossier.due_on)}" if dossier.due_on else ""
    remainder = euros(dossier.remainder_cents)
    return {
        State.DRAFT: (
            "Votre demande n’est pas envoyée\u00a0: rien n’est réservé, et l’organisme n’en sait rien."
        ),
        State.REQUESTED: (
            f"L’organisme répond {by}. Passé ce jour, la demande est annulée et vos droits vous"
            " reviennent."
        ),
        State.REFUSED: "L’organisme a refusé votre demande. Vos droits vous sont revenus.",
        State.PROPOSED: (
            f"L’organisme vous propose des changements\u00a0: répondez {by}. {AFTERWARDS}"
        ),
        State.TO_VALIDATE: f"L’organisme accepte votre demande\u00a0: validez-la {by}. {AFTERWARDS}",
        State.REQUEST_CANCELLED: "Cette demande est annulée. Vos droits vous sont revenus.",
        State.PAYING: f"Il reste {remainder} à payer par carte, {by}. {AFTERWARDS}",
        State.PAYMENT_REFUSED: (
            f"Le paiement n’a pas abouti. Il reste {remainder} à payer par carte, {by}. {AFTERWARDS}"
        ),
        State.VALIDATED: f"Votre place est prise. La formation commence le {date_fr(dossier.starts_on)}.",
        State.IN_TRAINING: "L’organisme a déclaré votre entrée en formation.",
        State.FINISHED: (
            "La formation est terminée. L’organisme déclare ensuite le service fait, et vos droits"
            " le paient."
        ),
        State.SETTLED: f"La formation est faite et payée\u00a0: {outcome(dossier).lower()}.",
        State.CANCELLED: f"Votre inscription est annulée\u00a0: {outcome(dossier).lower()}.",
        State.CANCELLED_BY_PROVIDER: (
            "L’organisme a annulé la formation. Vos droits vous sont revenus."
        ),
    }[State(dossier.state)]


def consequences(dossier: Dossier, step: Transition, *, paid_cents: int) -> list[str]:
    """Return what `step` changes, in euros and days; `paid_cents` was paid by card."""
    if step.action in SAID:
        return SAID[step.action]
    if step.effect == Effect.RELEASE:
        return list(_released(dossier, paid_cents))
    if step.effect in {Effect.SPEND, Effect.SPEND_DONE}:
        return list(_lost(dossier, paid_cents))
    if step.action == Action.CONFIRM:
        return list(_confirmed(dossier, step))
    return []


SAID = {
    Action.DELETE: [
        "Ce dossier disparaît. Rien n’était réservé\u00a0: vos droits ne changent pas."
    ],
    Action.CLAIM_FORCE_MAJEURE: [
        "L’assistance lit ce que vous écrivez et demande au besoin une preuve.",
        "Si elle reconnaît la force majeure, vous ne perdez que la part de la formation que vous avez"
        " suivie.",
        "D’ici là, rien n’est utilisé\u00a0: votre dossier attend sa réponse.",
    ],
    Action.RATE: [
        "Votre avis compte une fois et ne se change plus.",
        "Les autres n’en voient que la moyenne, sans votre nom.",
    ],
}


def _released(dossier: Dossier, paid_cents: int) -> Iterator[str]:
    yield f"Vos droits vous reviennent aujourd’hui\u00a0: {euros(dossier.rights_cents)}."
    if paid_cents:
        yield (
            f"Ce que vous avez payé par carte, {euros(paid_cents)}, vous est remboursé dans les"
            f" {REFUND_DAYS}\u00a0jours."
        )
    yield "Vous ne perdez rien. Votre place est rendue à l’organisme."


def _lost(dossier: Dossier, paid_cents: int) -> Iterator[str]:
    yield f"Vous perdez les droits engagés\u00a0: {euros(dossier.rights_cents)}."
    if paid_cents:
        yield f"Ce que vous avez payé par carte, {euros(paid_cents)}, n’est pas remboursé."
    yield "Cette décision ne se défait pas."


def _confirmed(dossier: Dossier, step: Transition) -> Iterator[str]:
    if step.target == State.PAYING:
        yield (
            f"Vous payez ensuite {euros(dossier.remainder_cents)} par carte, au plus tard le"
            f" {date_fr(dossier.due_on)}."
        )
    yield f"Vos droits restent réservés\u00a0: {euros(dossier.rights_cents)}."
