from accounts.services.erasure import Erased, end_sessions, erase, purge_unconfirmed
from accounts.services.mails import post_mail
from accounts.services.passwords import request_password_reset, reset_password
from accounts.services.registration import (
    Contact,
    confirm_email,
    register,
    resend_confirmation,
)

__all__ = [
    "Contact",
    "Erased",
    "confirm_email",
    "end_sessions",
    "erase",
    "post_mail",
    "purge_unconfirmed",
    "register",
    "request_password_reset",
    "resend_confirmation",
    "reset_password",
]
