from accounts.services.addresses import ask_email_change, confirm_email_change
from accounts.services.blocking import block, change_blocked_reason, unblock
from accounts.services.closing import (
    close_account,
    inactive_to_close,
    notice_inactive,
    pseudonymise,
)
from accounts.services.desk import (
    can_resend,
    freeze_by_support,
    holder_of,
    resend_mail,
    reveal_nir,
    send_confirmation_again,
    send_reset_link,
    sign_out_everywhere,
    unlock_sign_in,
    write_note,
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
from accounts.services.releases import approve_release, propose_release, refuse_release
from accounts.services.replies import send_reply
from accounts.services.sessions import (
    close_other_sessions,
    close_session,
    end_sessions,
    follow_session,
    forget_ended_sessions,
    forget_session,
    open_session,
    touch_session,
)
from accounts.services.support import ask_support, decide, forget_proof, is_free, start_review
from accounts.services.takeovers import (
    Disowned,
    end_former_account,
    pending_takeovers,
    see_takeover,
)
from accounts.services.terms import accept_terms, must_accept_terms

__all__ = [
    "Contact",
    "Disowned",
    "Erased",
    "accept_terms",
    "approve_release",
    "ask_email_change",
    "ask_support",
    "block",
    "can_resend",
    "change_blocked_reason",
    "change_contact",
    "change_diploma",
    "change_password",
    "close_account",
    "close_other_sessions",
    "close_session",
    "confirm_email",
    "confirm_email_change",
    "decide",
    "end_former_account",
    "end_sessions",
    "erase",
    "follow_session",
    "forget_ended_sessions",
    "forget_proof",
    "forget_session",
    "freeze_by_support",
    "freeze_spending",
    "holder_of",
    "inactive_to_close",
    "is_free",
    "make_recovery_codes",
    "must_accept_terms",
    "normalised",
    "notice_inactive",
    "open_session",
    "pending_takeovers",
    "post_mail",
    "propose_release",
    "pseudonymise",
    "purge_unconfirmed",
    "record",
    "recover_email",
    "refuse_release",
    "register",
    "request_password_reset",
    "resend_confirmation",
    "resend_mail",
    "reset_password",
    "reveal_nir",
    "see_takeover",
    "send_confirmation_again",
    "send_reply",
    "send_reset_link",
    "sign_out_everywhere",
    "start_review",
    "stop_news",
    "touch_session",
    "unblock",
    "unfreeze_spending",
    "unlock_sign_in",
    "write_note",
]
