from accounts.services.addresses import ask_email_change, confirm_email_change
from accounts.services.blocking import block, unblock
from accounts.services.closing import (
    close_account,
    inactive_to_close,
    notice_inactive,
    pseudonymise,
)
from accounts.services.erasure import Erased, erase, purge_unconfirmed
from accounts.services.events import record
from accounts.services.freezing import freeze_spending, unfreeze_spending
from accounts.services.mails import post_mail
from accounts.services.passwords import change_password, request_password_reset, reset_password
from accounts.services.profile import change_contact, change_diploma, stop_news
from accounts.services.recovery import make_recovery_codes, normalised, recover_email
from accounts.services.registration import (
    Contact,
    confirm_email,
    register,
    resend_confirmation,
)
from accounts.services.replies import send_reply
from accounts.services.sessions import (
    close_other_sessions,
    close_session,
    end_sessions,
    follow_session,
    forget_ended_sessions,
    open_session,
    touch_session,
)
from accounts.services.support import ask_support, decide, forget_proof, start_review
from accounts.services.terms import accept_terms, must_accept_terms

__all__ = [
    "Contact",
    "Erased",
    "accept_terms",
    "ask_email_change",
    "ask_support",
    "block",
    "change_contact",
    "change_diploma",
    "change_password",
    "close_account",
    "close_other_sessions",
    "close_session",
    "confirm_email",
    "confirm_email_change",
    "decide",
    "end_sessions",
    "erase",
    "follow_session",
    "forget_ended_sessions",
    "forget_proof",
    "freeze_spending",
    "inactive_to_close",
    "make_recovery_codes",
    "must_accept_terms",
    "normalised",
    "notice_inactive",
    "open_session",
    "post_mail",
    "pseudonymise",
    "purge_unconfirmed",
    "record",
    "recover_email",
    "register",
    "request_password_reset",
    "resend_confirmation",
    "reset_password",
    "send_reply",
    "start_review",
    "stop_news",
    "touch_session",
    "unblock",
    "unfreeze_spending",
]
