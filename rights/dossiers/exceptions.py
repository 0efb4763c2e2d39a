"""Why a step of a dossier is refused: each bears a French sentence for whoever tried it."""


class DossierError(Exception):
    """The step has no effect; `str(error)` is a French sentence that says why and what to do."""

    code = "refused"


class StepRefused(DossierError):
    """The step does not exist in the present state, came too late, or is not for this actor."""

    code = "step_refused"


class InvalidDetail(DossierError):
    """What was given with the step is wrong; `field` is its name."""

    code = "invalid"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ReviewChanged(DossierError):
    """What would be bound is not what was reviewed: show the review again and ask anew."""

    code = "review_changed"

    def __init__(self) -> None:
        super().__init__(
            "La formation ou vos droits ont changé depuis que vous avez lu ce récapitulatif. "
            "Relisez-le, puis confirmez de nouveau."
        )


class AlreadyEnrolled(DossierError):
    """A dossier for this session is under way; `dossier` is it."""

    code = "already_enrolled"

    def __init__(self, dossier) -> None:
        super().__init__("Vous avez déjà un dossier en cours pour cette session.")
        self.dossier = dossier


class PaymentError(DossierError):
    """The notification of a payment cannot be believed; nothing was changed."""

    code = "payment"
