"""Why a service of accounts refuses."""


class RegistrationRefused(Exception):
    """This number cannot get an account under this name; the reason is told to nobody."""


class ConfirmationExpired(Exception):
    """The delay to confirm the address is over: the sign-up has to start again."""


class AlreadyConfirmed(Exception):
    """The address is confirmed: there is nothing to send."""


class LinkUsed(Exception):
    """The link to a new password has served."""


class AccountBlocked(Exception):
    """She proved who she is, by password or FranceConnect, and the account is blocked; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__("account blocked")
        self.reason = reason


class AccountVerified(Exception):
    """Somebody proved that this account is hers: it is taken from her by nobody."""


class AccountHeld(Exception):
    """Something of this account must stay for now: a training under way, or a freeze that is not answered."""


class MailNotRepeatable(Exception):
    """What the text of this mail was made of is gone: it cannot leave again."""


class ReleaseImpossible(Exception):
    """This number cannot be taken back; the message is a French sentence that says why."""


class ReleaseDecided(Exception):
    """Somebody has decided this proposal."""


class SameAgent(Exception):
    """Another member of the staff than the one who proposes has to decide."""


class EmailChangeRefused(Exception):
    """The link to the new address is too old, or has served."""


class RequestClosed(Exception):
    """The support has already answered this request."""


class DecisionImpossible(Exception):
    """This answer does not fit the request; the message is a French sentence that says why."""


class AddressTaken(Exception):
    """A member of the staff has this address already."""


class NumberTaken(Exception):
    """Another member of the staff has given this social security number as her own."""


class IncompatibleRoles(Exception):
    """These roles together would be everything."""


class OwnAccount(Exception):
    """A member of the staff asked it for herself."""
