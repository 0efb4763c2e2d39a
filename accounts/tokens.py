"""The links of the mails: signed, bound to one account and to what they are for.

The link to choose a new password is Django's own (`default_token_generator`): it dies when the
password changes, at the next sign-in, and after `settings.PASSWORD_RESET_TIMEOUT` seconds.
"""

from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner

from accounts.models import EmailChange, User

_SALT = "accounts.confirmation"
_CHANGE_SALT = "accounts.email-change"
_NEWS_SALT = "accounts.news"
_NOT_ME_SALT = "accounts.not-me"
NOT_ME_LASTS = timedelta(days=90)


def make_confirmation_token(user: User) -> str:
    """Return what the confirmation link carries: the account's pk and a signature, no address."""
    return f"{user.pk}-{Signer(salt=_SALT).signature(_confirmed(user))}"


def find_confirmation(token: str) -> User | None:
    """Return the account that `token` confirms, whether or not it still can; None if it is forged.

    The token dies with the account, and when the account's address changes.
    """
    pk, _, signature = token.partition("-")
    user = User.objects.filter(pk=pk, is_staff=False).first() if _is_key(pk) else None
    if user is None or not _is_signed(_confirmed(user), signature, salt=_SALT):
        return None
    return user


def make_email_change_token(user: User, new_email: str) -> str:
    """Return what the link to a new address carries: the account's pk and a signature, no address.

    Raises EmailChange.DoesNotExist when no change is under way.
    """
    change = EmailChange.objects.get(user=user)
    text = _changed(user, new_email, change)
    return f"{user.pk}-{Signer(salt=_CHANGE_SALT).signature(text)}"


def find_email_change(token: str) -> EmailChange | None:
    """Return the change that `token` proves, in time or not; None if it is forged, done or replaced."""
    pk, _, signature = token.partition("-")
    if not _is_key(pk):
        return None
    change = EmailChange.objects.select_related("user").filter(user_id=pk).first()
    if change is None:
        return None
    text = _changed(change.user, change.new_email, change)
    return change if _is_signed(text, signature, salt=_CHANGE_SALT) else None


def make_news_token(user: User) -> str:
    """Return what the link that stops the mails of news carries: the account's pk and a signature."""
    return f"{user.pk}-{Signer(salt=_NEWS_SALT).signature(_listed(user))}"


def find_news_reader(token: str) -> User | None:
    """Return the account whose mails of news `token` stops; None if it is forged.

    It has no end: the link of an old mail must still work, and it can do nothing else.
    """
    pk, _, signature = token.partition("-")
    user = User.objects.citizens().filter(pk=pk).first() if _is_key(pk) else None
    if user is None or not _is_signed(_listed(user), signature, salt=_NEWS_SALT):
        return None
    return user


def make_not_me_token(user: User) -> str:
    """Return what « Ce n’est pas moi » carries: the account's pk, a moment and a signature."""
    return _not_me_signer(user).sign(str(user.pk))


def find_not_me(token: str) -> User | None:
    """Return the account whose rights `token` may freeze; None if it is forged or older than NOT_ME_LASTS.

    It outlives a change of address or password: whoever took the account may have made it.
    """
    pk = token.partition(":")[0]
    user = User.objects.citizens().filter(pk=pk).first() if _is_key(pk) else None
    if user is None:
        return None
    try:
        _not_me_signer(user).unsign(token, max_age=NOT_ME_LASTS)
    except BadSignature:
        return None
    return user


def _listed(user: User) -> str:
    return f"{user.pk}:{user.identifier}"


def _not_me_signer(user: User) -> TimestampSigner:
    return TimestampSigner(salt=f"{_NOT_ME_SALT}:{user.identifier}")


def _is_signed(text: str, signature: str, *, salt: str) -> bool:
    signer = Signer(salt=salt)
    try:
        signer.unsign(f"{text}{signer.sep}{signature}")
    except BadSignature:
        return False
    return True


def _changed(user: User, new_email: str, change: EmailChange) -> str:
    # The former address and the password too: a link dies when either changes meanwhile.
    moment = change.asked_at.timestamp()
    return f"{user.identifier}:{user.email}:{user.password}:{new_email}:{moment}"


def _confirmed(user: User) -> str:
    # The opaque identifier is never given twice, even if a database restored from a backup gives a pk again.
    return f"{user.pk}:{user.identifier}:{user.email}"


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # fits the column on both databases
