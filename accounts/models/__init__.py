from accounts.models.events import AccountEvent, EventKind
from accounts.models.franceconnect import FranceConnectLink, FranceConnectStep
from accounts.models.keys import KeyCheck
from accounts.models.limits import RateLimit
from accounts.models.mail import OutgoingMail
from accounts.models.titulaire import IdentityLevel, Titulaire
from accounts.models.user import User

__all__ = [
    "AccountEvent",
    "EventKind",
    "FranceConnectLink",
    "FranceConnectStep",
    "IdentityLevel",
    "KeyCheck",
    "OutgoingMail",
    "RateLimit",
    "Titulaire",
    "User",
]
