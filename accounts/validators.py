"""Rules of what a person types about herself."""

import unicodedata

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from cpf_portal.ui.text import fold

MIN_PASSWORD_LENGTH = 8
MIN_STAFF_PASSWORD_LENGTH = 15
MAX_PASSWORD_BYTES = 4096
# Apostrophes and dots; the last two join or part the letters of Persian and Indian names.
OTHERS_IN_NAMES = "'’ʼ‘`´.·ʻ\u200c\u200d"


def validate_person_name(name: str) -> None:
    """Accept a name in any script, with hyphens, apostrophes, spaces and dots; 1 to 100 characters.

    Raises ValidationError for control characters, digits and symbols, and for a name without a letter.
    """
    if not any(c.isalpha() for c in name) or not all(_may_stand_in_a_name(c) for c in name):
        raise ValidationError(
            "Saisissez votre nom avec des lettres, des espaces, des traits d’union ou des apostrophes.",
            code="name",
        )


def _may_stand_in_a_name(character: str) -> bool:
    # L: letters, M: accents that stand apart, Zs: spaces, Pd: hyphens
    category = unicodedata.category(character)
    return category[0] in "LM" or category in {"Zs", "Pd"} or character in OTHERS_IN_NAMES


def least_length(user) -> int:
    """Return how long the password of `user` must be: what the staff opens is everybody's."""
    # createsuperuser shows an account that is nobody's yet: an address names only the staff
    is_of_staff = user is not None and (user.is_staff or "@" in user.identifier)
    return MIN_STAFF_PASSWORD_LENGTH if is_of_staff else MIN_PASSWORD_LENGTH


class CompositionValidator:
    """The four rules of the seed: 8 characters (15 for the staff), a lower case, an upper case, a digit."""

    def validate(self, password: str, user=None) -> None:
        missing = list(self.missing(password, least_length(user)))
        if missing:
            raise ValidationError(
                f"Complétez votre mot de passe : il manque {', '.join(missing)}.",
                code="composition",
            )
        if len(password.encode("utf-8", "surrogatepass")) > MAX_PASSWORD_BYTES:
            raise ValidationError("Choisissez un mot de passe plus court.", code="too_long")

    @staticmethod
    def missing(password: str, least: int = MIN_PASSWORD_LENGTH):
        """Yield the rules that `password` does not meet, in the words of the form."""
        if len(password) < least:
            yield f"{least} caractères"
        if not any(c.islower() for c in password):
            yield "1 minuscule"
        if not any(c.isupper() for c in password):
            yield "1 majuscule"
        if not any(c.isdigit() for c in password):
            yield "1 chiffre"

    def get_help_text(self) -> str:
        # read where an agent changes her own, in the page of Django's administration
        return (
            "8\u00a0caractères au minimum, 15 pour le personnel, dont une minuscule, une majuscule et un "
            "chiffre."
        )


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list of 20,000 passwords, with a sentence that says what to do."""

    def get_error_message(self):
        return "Choisissez un autre mot de passe : celui-ci est trop courant."


class PersonalDataValidator:
    """Refuse a password made of what others know of the person: name, e-mail, phones, NIR."""

    MIN_PART = 4

    def validate(self, password: str, user=None) -> None:
        if user is None:
            return
        folded = fold(password).replace(" ", "")
        if any(part in folded for part in self._parts(user)):
            raise ValidationError(
                "Choisissez un mot de passe sans votre nom, votre courriel, vos numéros de téléphone "
                "ni votre numéro de sécurité sociale.",
                code="personal",
            )

    def _parts(self, user):
        titulaire = getattr(user, "titulaire", None)
        texts = [
            *user.email.split("@")[0].split("."),
            user.phone_landline[3:],
            user.phone_mobile[3:],
        ]
        if titulaire is not None:
            texts += [titulaire.birth_name, titulaire.encrypted_nir]
        folded = (fold(text).replace(" ", "") for text in texts)
        return [part for part in folded if len(part) >= self.MIN_PART]

    def get_help_text(self) -> str:
        return "Il ne doit contenir ni votre nom, ni votre courriel, ni vos numéros."
