"""In which states a dossier can be, and who can act on it."""

from django.db import models


class State(models.TextChoices):
    """What the person reads of her dossier."""

    DRAFT = "draft", "En cours de création"
    REQUESTED = "requested", "Demande d’inscription"
    REFUSED = "refused", "Refusé par l’organisme"
    PROPOSED = "proposed", "Proposition de l’organisme"
    TO_VALIDATE = "to_validate", "À valider"
    REQUEST_CANCELLED = "request_cancelled", "Demande d’inscription annulée"
    PAYING = "paying", "Paiement en cours"
    PAYMENT_REFUSED = "payment_refused", "Paiement refusé"
    VALIDATED = "validated", "Validé"
    IN_TRAINING = "in_training", "En formation"
    FINISHED = "finished", "Formation terminée"
    SETTLED = "settled", "Service fait validé"
    CANCELLED = "cancelled", "Formation annulée"
    CANCELLED_BY_PROVIDER = "cancelled_by_provider", "Formation annulée par l’organisme"


# Nothing follows but, for a training that took place, the person's opinion of it.
CLOSED = frozenset(
    {
        State.REFUSED,
        State.REQUEST_CANCELLED,
        State.SETTLED,
        State.CANCELLED,
        State.CANCELLED_BY_PROVIDER,
    }
)
OPEN = frozenset(State) - CLOSED
# Sent and not closed: rights are reserved, and the account of the person cannot be closed.
RUNNING = OPEN - {State.DRAFT}
# A place of the session is taken.
WITH_PLACE = RUNNING | {State.SETTLED}
# Somebody has to answer before a day; without an answer the request falls.
AWAITING_TITULAIRE = frozenset(
    {State.PROPOSED, State.TO_VALIDATE, State.PAYING, State.PAYMENT_REFUSED}
)
AWAITING = AWAITING_TITULAIRE | {State.REQUESTED}


class ActorKind(models.TextChoices):
    TITULAIRE = "titulaire", "le titulaire"
    PROVIDER = "provider", "l’organisme"
    STAFF = "staff", "l’assistance"
    CLOCK = "clock", "l’échéance"
    PAYMENT = "payment", "le paiement par carte"


class Action(models.TextChoices):
    """What can be done; the label is that of its button."""

    MODIFY = "modify", "Modifier"
    DELETE = "delete", "Supprimer"
    SEND = "send", "Envoyer la demande d’inscription"
    CANCEL_REQUEST = "cancel_request", "Annuler la demande"
    ACCEPT = "accept", "Accepter la demande"
    PROPOSE = "propose", "Proposer des changements"
    REFUSE = "refuse", "Refuser la demande"
    CONFIRM = "confirm", "Valider l’inscription"
    ACCEPT_PROPOSAL = "accept_proposal", "Accepter la proposition"
    REFUSE_PROPOSAL = "refuse_proposal", "Refuser la proposition"
    PAY = "pay", "Payer le reste par carte"
    PAYMENT_ACCEPTED = "payment_accepted", "Paiement accepté"
    PAYMENT_REFUSED = "payment_refused", "Paiement refusé"
    PAYMENT_ABANDONED = "payment_abandoned", "Paiement abandonné"
    EXPIRE = "expire", "Délai dépassé"
    WITHDRAW = "withdraw", "Me rétracter"
    CANCEL = "cancel", "Annuler mon inscription"
    CANCEL_LATE = "cancel_late", "Annuler et perdre le montant engagé"
    CLAIM_FORCE_MAJEURE = "claim_force_majeure", "Déclarer un cas de force majeure"
    RECOMMEND_FORCE_MAJEURE = "recommend_force_majeure", "Proposer de reconnaître la force majeure"
    ACCEPT_FORCE_MAJEURE = "accept_force_majeure", "Reconnaître la force majeure"
    REFUSE_FORCE_MAJEURE = "refuse_force_majeure", "Écarter la force majeure"
    CANCEL_BY_PROVIDER = "cancel_by_provider", "Annuler la formation"
    DECLARE_ENTRY = "declare_entry", "Déclarer l’entrée en formation"
    DECLARE_ABSENCE = "declare_absence", "Déclarer l’absence"
    RETRACT_ABSENCE = "retract_absence", "Retirer l’absence déclarée"
    SETTLE_ABSENCE = "settle_absence", "Absence établie"
    ABANDON = "abandon", "Déclarer mon abandon"
    DECLARE_END = "declare_end", "Déclarer la fin de la formation"
    DECLARE_SERVICE = "declare_service", "Déclarer le service fait"
    REPORT_FRAUD = "report_fraud", "Signaler une fraude"
    CANCEL_FOR_FRAUD = "cancel_for_fraud", "Annuler pour fraude"
    DISMISS_FRAUD = "dismiss_fraud", "Écarter la fraude"
    RATE = "rate", "Donner mon avis"
