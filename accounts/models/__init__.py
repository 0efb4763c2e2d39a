from accounts.models.keys import KeyCheck
from accounts.models.limits import RateLimit
from accounts.models.mail import OutgoingMail
from accounts.models.titulaire import IdentityLevel, Titulaire
from accounts.models.user import User

__all__ = ["IdentityLevel", "KeyCheck", "OutgoingMail", "RateLimit", "Titulaire", "User"]
