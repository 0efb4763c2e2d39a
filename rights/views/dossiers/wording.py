"""What a page says of a dossier: where it stands, what comes next, what a step will change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cpf_portal.ui.formats import date_fr, euros
from rights.dossiers import deadlines
from rights.dossiers.amounts import Amounts
from rights.dossiers.conditions import is_claim_answered
from rights.dossiers.reviews import Review
from rights.dossiers.states import Action, State
from rights.dossiers.transitions import Effect, Transition
from rights.models import Dossier, Figures, ReservationState

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
# Once an absence is declared: before and after the support has refused a claim.
ABSENT = {
    False: "Déclarer un cas de force majeure, s’il y en a un",
    True: "Écrire à l’organisme ou à l’assistance, si vous étiez présent",
}
# Whose day `due_on` is, and to do what.
AWAITED = {
    State.REQUESTED: "L’organisme répond",
    State.PAYING: "Payer le reste",
    State.PAYMENT_REFUSED: "Payer le reste",
}
# What happens when the day of `due_on` is over.
AFTERWARDS = "Passé ce jour, la demande est annulée et vos droits vous reviennent."


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier in a list, with its next date and what to do."""

    dossier: Dossier
    next_on: date | None
    next_step: str


def row(dossier: Dossier, figures: Figures) -> Row:
    """Return how the list shows `dossier`, read with its reservation and `with_claim_answered`.

    `figures` are those of the day.
    """
    if dossier.is_closed:
        return Row(dossier, dossier.closed_at, outcome(dossier))
    next_on, step = milestone(dossier, figures)
    return Row(dossier, next_on, step)


def milestone(dossier: Dossier, figures: Figures) -> tuple[date | None, str]:
    """Return the next date of a dossier that is not closed, and what it stands for."""
    if dossier.force_majeure_claimed_at or dossier.fraud_reported_at:
        return None, "Attendre la décision de l’assistance"
    if dossier.absence_until:
        return dossier.absence_until, ABSENT[dossier.claim_answered]
    if dossier.state == State.VALIDATED:
        return next(
            ((day, step) for day, step in _validated(dossier) if day >= figures.on),
            (dossier.starts_on, "Commencer la formation"),
        )
    if dossier.state in {State.IN_TRAINING, State.FINISHED}:
        declared_by = deadlines.declaration_awaited(dossier, figures)
        in_training = dossier.state == State.IN_TRAINING
        return (dossier.ends_on if in_training else declared_by), STEPS[State(dossier.state)]
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
    if dossier.state in (State.SETTLED, State.CANCELLED_BY_PROVIDER):
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
        State.SETTLED: f"Le service fait est validé\u00a0: {outcome(dossier).lower()}.",
        State.CANCELLED: f"Votre inscription est annulée\u00a0: {outcome(dossier).lower()}.",
        State.CANCELLED_BY_PROVIDER: (
            f"L’organisme a annulé la formation\u00a0: {outcome(dossier).lower()}."
        ),
    }[State(dossier.state)]


def dates(dossier: Dossier, today: date) -> list[tuple[str, date]]:
    """Return the last days that still matter, each with whose it is."""
    if dossier.is_closed or dossier.state == State.DRAFT:
        return []
    known = [
        (AWAITED.get(State(dossier.state), "Vous répondez"), dossier.due_on),
        ("Vous rétracter", dossier.withdrawal_until),
        ("Annuler sans frais", dossier.free_cancellation_until),
        ("Déclarer un cas de force majeure", _claimable_until(dossier)),
    ]
    return [(label, day) for label, day in known if day and day >= today]


def _claimable_until(dossier: Dossier) -> date | None:
    is_over = dossier.absence_until is None or is_claim_answered(dossier)
    return None if is_over else dossier.absence_until


def waiting(dossier: Dossier, figures: Figures) -> Iterator[str]:
    """Say what else is under way: an absence, what the support looks at, a declaration of the provider."""
    if dossier.is_closed:
        return
    if claimed_at := dossier.force_majeure_claimed_at:
        yield (
            f"Vous avez déclaré un cas de force majeure le {_day(claimed_at)}\u00a0:"
            " l’assistance l’examine."
        )
    if reported_at := dossier.fraud_reported_at:
        yield (
            f"Une fraude est signalée depuis le {_day(reported_at)}\u00a0: l’assistance examine ce dossier,"
            " et l’organisme n’est pas payé d’ici sa décision."
        )
    if dossier.absence_until:
        yield _absence(dossier)
    elif declared := _declaration(dossier, figures):
        yield declared


def _day(moment: datetime) -> str:
    return date_fr(timezone.localdate(moment))


def _absence(dossier: Dossier) -> str:
    lost = euros(dossier.rights_cents)
    paid = " et ce que vous avez payé par carte" if paid_cents(dossier) else ""
    if is_claim_answered(dossier):
        return (
            "L’organisme a déclaré votre absence, et l’assistance n’a pas reconnu le cas de force majeure"
            f"\u00a0: après le {date_fr(dossier.absence_until)}, vous perdez {lost} de droits{paid}."
            " Si vous étiez présent, écrivez à l’organisme ou à l’assistance."
        )
    return (
        "L’organisme a déclaré votre absence. Si un cas de force majeure vous a empêché de venir,"
        f" déclarez-le au plus tard le {date_fr(dossier.absence_until)}\u00a0: sans cela, vous perdez ensuite"
        f" {lost} de droits{paid}. Si vous étiez présent, écrivez à l’organisme ou à l’assistance."
    )


def _declaration(dossier: Dossier, figures: Figures) -> str:
    """Say by which day the provider declares what has happened, or that it is late."""
    what = DECLARED.get(State(dossier.state))
    day = deadlines.declaration_awaited(dossier, figures)
    if what is None or day is None:
        return ""
    if figures.on <= day:
        return f"L’organisme doit déclarer {what} au plus tard le {date_fr(day)}."
    return (
        f"L’organisme devait déclarer {what} au plus tard le {date_fr(day)}\u00a0: rappelez-le-lui, ou"
        " écrivez à l’assistance."
    )


DECLARED = {
    State.VALIDATED: "votre entrée en formation",
    State.IN_TRAINING: "la fin de la formation",
    State.FINISHED: "le service fait",
}


def paid_cents(dossier: Dossier) -> int:
    """Return what was paid by card."""
    return sum(dossier.payments.accepted().values_list("amount_cents", flat=True))


def consequences(
    dossier: Dossier, step: Transition, *, today: date, figures: Figures, review: Review | None
) -> list[str]:
    """Return what `step`, taken `today`, changes in euros and days; `review` is that of a step that binds."""
    if step.action in SAID:
        return list(SAID[step.action])
    if step.effect == Effect.RELEASE:
        return list(_released(dossier))
    if step.effect == Effect.SPEND:
        return list(_lost(dossier))
    if step.action == Action.SEND and review:
        return list(sent(review))
    if step.action in {Action.CONFIRM, Action.ACCEPT_PROPOSAL}:
        amounts = review.amounts if review else Amounts.of_dossier(dossier)
        starts_on = review.terms.starts_on if review else dossier.starts_on
        return list(_agreed(dossier, amounts, starts_on, today, figures))
    if step.action == Action.PAY:
        return list(_payable(dossier))
    return []


SAID = {
    Action.DELETE: (
        "Ce dossier disparaît. Rien n’était réservé\u00a0: vos droits ne changent pas.",
    ),
    Action.CLAIM_FORCE_MAJEURE: (
        "L’assistance lit ce que vous écrivez et demande au besoin une preuve.",
        "Si elle reconnaît la force majeure, vous ne perdez que la part de la formation que vous avez"
        " suivie.",
        "D’ici là, rien n’est perdu\u00a0: votre dossier attend sa réponse.",
    ),
    Action.RATE: (
        "Votre avis compte une fois et ne se change plus.",
        "Il entre dans la moyenne de la formation et de l’organisme, montrée à tous à partir de 3\u00a0avis.",
        "Personne n’y lit qui l’a donné.",
    ),
}


def sent(review: Review) -> Iterator[str]:
    """Say what a request does, once it is sent."""
    yield (
        f"Vos droits sont mis de côté\u00a0: {euros(review.amounts.rights_cents)}. Ils ne sont utilisés"
        " qu’après la formation."
    )
    yield (
        "L’organisme a votre demande et vous répond au plus tard le"
        f" {date_fr(review.dates.provider_answers_by)}."
    )
    yield (
        "Il reçoit votre nom, votre courriel et votre téléphone, jamais votre numéro de sécurité"
        " sociale."
    )
    yield "Tant que vous n’avez pas validé sa réponse, vous pouvez annuler sans rien perdre."


def _released(dossier: Dossier) -> Iterator[str]:
    yield f"Vos droits vous reviennent tout de suite\u00a0: {euros(dossier.rights_cents)}."
    if paid := paid_cents(dossier):
        yield (
            f"Ce que vous avez payé par carte, {euros(paid)}, vous est remboursé dans les"
            f" {REFUND_DAYS}\u00a0jours."
        )
    yield "Vous ne perdez rien, mais vous n’avez plus de place dans cette session."


def _lost(dossier: Dossier) -> Iterator[str]:
    yield f"Vous perdez les droits engagés\u00a0: {euros(dossier.rights_cents)}."
    if paid := paid_cents(dossier):
        yield f"Ce que vous avez payé par carte, {euros(paid)}, n’est pas remboursé."
    if dossier.free_cancellation_until:
        yield (
            "L’annulation sans frais était possible jusqu’au"
            f" {date_fr(dossier.free_cancellation_until)}."
        )
    if not is_claim_answered(dossier):
        yield (
            "Si un cas de force majeure vous empêche de suivre la formation, ne continuez pas ici\u00a0:"
            " déclarez-le depuis votre dossier."
        )


def _agreed(
    dossier: Dossier, amounts: Amounts, starts_on: date, today: date, figures: Figures
) -> Iterator[str]:
    remainder = amounts.remainder_cents
    if remainder:
        yield (
            f"Il vous reste {euros(remainder)} à payer par carte, au plus tard le"
            f" {date_fr(dossier.due_on)}\u00a0: votre place n’est sûre qu’ensuite."
        )
    yield f"Vos droits restent mis de côté\u00a0: {euros(amounts.rights_cents)}."
    withdrawal = deadlines.withdrawal_until(today, figures, starts_on=starts_on)
    free = deadlines.free_cancellation_until(figures, starts_on=starts_on)
    yield f"Vous pourrez vous rétracter jusqu’au {date_fr(withdrawal)}, sans rien perdre."
    if free > withdrawal:
        yield f"Vous pourrez annuler sans frais jusqu’au {date_fr(free)}."
    and_paid = f" et {euros(remainder)} payés par carte" if remainder else ""
    yield (
        f"Après le {date_fr(max(free, withdrawal))}, ou si vous abandonnez, vous perdez"
        f" {euros(amounts.rights_cents)} de droits{and_paid}, sauf cas de force majeure."
    )


def _payable(dossier: Dossier) -> Iterator[str]:
    yield f"Vous allez payer {euros(dossier.remainder_cents)} par carte, chez notre prestataire."
    yield "Votre inscription est validée dès que le paiement est accepté."
    yield f"Sans paiement accepté le {date_fr(dossier.due_on)} au soir, la demande est annulée."
