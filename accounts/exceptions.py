"""Why a service of accounts refuses."""


class RegistrationRefused(Exception):
    """This number cannot get an account under this name; the reason is told to nobody."""


class ConfirmationExpired(Exception):
    """The delay to confirm the address is over: the sign-up has to start again."""


class AlreadyConfirmed(Exception):
    """The address is confirmed: there is nothing to send."""


class LinkUsed(Exception):
    """The link to a new password has served."""
