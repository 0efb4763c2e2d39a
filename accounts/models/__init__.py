from accounts.models.audit import AuditEvent, AuditKind, AuditMark
from accounts.models.desk import NirRelease, ReleaseState, SupportNote
from accounts.models.events import AccountEvent, EventKind
from accounts.models.franceconnect import FranceConnectLink, FranceConnectStep
from accounts.models.keys import KeyCheck
from accounts.models.limits import RateLimit
from accounts.models.mail import OutgoingMail
from accounts.models.recovery import EmailChange, RecoveryCode
from accounts.models.replies import ReplyTemplate
from accounts.models.sessions import AccountSession, StoredSession
from accounts.models.staff import StaffMember, TotpDevice
from accounts.models.support import SupportRequest
from accounts.models.takeover import TakeOver, TakeOverWay
from accounts.models.titulaire import IdentityLevel, Titulaire
from accounts.models.user import BlockedReason, User

__all__ = [
    "AccountEvent",
    "AccountSession",
    "AuditEvent",
    "AuditKind",
    "AuditMark",
    "BlockedReason",
    "EmailChange",
    "EventKind",
    "FranceConnectLink",
    "FranceConnectStep",
    "IdentityLevel",
    "KeyCheck",
    "NirRelease",
    "OutgoingMail",
    "RateLimit",
    "RecoveryCode",
    "ReleaseState",
    "ReplyTemplate",
    "StaffMember",
    "StoredSession",
    "SupportNote",
    "SupportRequest",
    "TakeOver",
    "TakeOverWay",
    "Titulaire",
    "TotpDevice",
    "User",
]
