"""The links of the mails: signed, bound to one account and to what they are for.

The link to choose a new password is Django's own (`default_token_generator`): it dies when the
password changes, at the next sign-in, and after `settings.PASSWORD_RESET_TIMEOUT` seconds.
"""

from django.core.signing import BadSignature, Signer

from accounts.models import User

_SALT = "accounts.confirmation"


def make_confirmation_token(user: User) -> str:
    """Return what the confirmation link carries: the account's pk and a signature, no address."""
    return f"{user.pk}-{Signer(salt=_SALT).signature(_confirmed(user))}"


def find_confirmation(token: str) -> User | None:
    """Return the account that `token` confirms, whether or not it still can; None if it is forged.

    The token dies with the account, and when the account's address changes.
    """
    pk, _, signature = token.partition("-")
    user = User.objects.filter(pk=pk, is_staff=False).first() if _is_key(pk) else None
    if user is None:
        return None
    signer = Signer(salt=_SALT)
    try:
        signer.unsign(f"{_confirmed(user)}{signer.sep}{signature}")
    except BadSignature:
        return None
    return user


def _confirmed(user: User) -> str:
    # The opaque identifier is never given twice, even if a database restored from a backup gives a pk again.
    return f"{user.pk}:{user.identifier}:{user.email}"


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # fits the column on both databases
