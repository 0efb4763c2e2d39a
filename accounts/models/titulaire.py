"""Who a person is for the rights register, with or without an account on the portal."""

from django.db import connections, models

from accounts.crypto import EncryptedTextField, blind_index
from accounts.nir import Nir
from accounts.validators import validate_person_name
from cpf_portal.ui.text import fold

NIR_PURPOSE = "nir"
MAX_FOLDED = 200
HIDDEN_NIR = "• •• •• •• ••• ••• ••"
_SEALED = "scellé:"  # a colon never stands in a folded name


class IdentityLevel(models.TextChoices):
    DECLARED = "declared", "déclarée"
    EMAIL_CONFIRMED = "email_confirmed", "courriel confirmé"
    VERIFIED = "verified", "vérifiée"


class TitulaireQuerySet(models.QuerySet):
    def with_nir(self, nir: Nir):
        """The titulaire (or none) who bears this number."""
        return self.filter(nir_index=nir_index(nir))

    def named(self, birth_name: str):
        """Those whose name begins as `birth_name`, in order; one letter alone is a whole name."""
        folded = folded_name(birth_name)
        if len(folded) < 2:
            return self.filter(birth_name_folded=folded)
        found = self.filter(birth_name_folded__startswith=folded)
        if connections[self.db].vendor == "sqlite":
            # its LIKE ignores the case, and so the index: the range of the prefix is in it
            found = found.filter(birth_name_folded__range=(folded, f"{folded}\U0010ffff"))
        return found.order_by("birth_name_folded", "pk")


def folded_name(birth_name: str) -> str:
    """Return what is compared: « N’Diaye » is « NDIAYE », « Le Goff » is « LEGOFF ».

    Cut, because some scripts grow when they are decomposed.
    """
    return fold(birth_name).replace(" ", "")[:MAX_FOLDED]


def sealed_name(folded: str) -> str:
    """Return what is kept of a name once its account is closed: enough to recognise it, not to read it."""
    return f"{_SEALED}{blind_index(folded, purpose='closed-name')}"


def is_same_name(folded: str, kept: str) -> bool:
    """Whether `folded` is the name that a row keeps, in clear or sealed."""
    return kept in {folded, sealed_name(folded)}


def nir_index(nir: Nir) -> str:
    """Return the value under which the 13 characters of `nir` are found in the database."""
    return blind_index(nir.value, purpose=NIR_PURPOSE)


class Titulaire(models.Model):
    encrypted_nir = EncryptedTextField("numéro de sécurité sociale (chiffré)", editable=False)
    nir_index = models.CharField(
        max_length=64,
        unique=True,
        editable=False,
        error_messages={"unique": "Ce numéro de sécurité sociale est déjà enregistré."},
    )
    birth_name = models.CharField(
        "nom de naissance", max_length=100, validators=[validate_person_name]
    )
    birth_name_folded = models.CharField(max_length=MAX_FOLDED, editable=False, db_index=True)
    sex = models.CharField(
        "sexe", max_length=1, choices=[("F", "féminin"), ("M", "masculin")], editable=False
    )
    # The NIR tells two digits: the century is not in it.
    birth_year = models.PositiveSmallIntegerField(
        "année de naissance (deux chiffres)", null=True, blank=True, editable=False
    )
    birth_month = models.PositiveSmallIntegerField(
        "mois de naissance", null=True, blank=True, editable=False
    )
    has_provisional_nir = models.BooleanField("numéro provisoire", default=False, editable=False)
    diploma_level = models.PositiveSmallIntegerField(
        "niveau de diplôme (1 à 8)", null=True, blank=True
    )
    identity_level = models.CharField(
        "identité",
        max_length=20,
        choices=IdentityLevel.choices,
        default=IdentityLevel.DECLARED,
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    closed_at = models.DateTimeField("effacé le", null=True, blank=True, editable=False)

    objects = TitulaireQuerySet.as_manager()

    class Meta:
        verbose_name = "titulaire"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(birth_month__isnull=True) | models.Q(birth_month__range=(1, 12)),
                name="titulaire_birth_month_is_a_month",
                violation_error_message="Le mois de naissance va de 1 à 12.",
            ),
            models.CheckConstraint(
                condition=~models.Q(birth_name=""),
                name="titulaire_birth_name_not_empty",
                violation_error_message="Saisissez le nom de naissance.",
            ),
            models.CheckConstraint(
                condition=models.Q(diploma_level__isnull=True)
                | models.Q(diploma_level__range=(1, 8)),
                name="titulaire_diploma_level_between_1_and_8",
                violation_error_message="Le niveau de diplôme va de 1 à 8.",
            ),
        ]

    def __str__(self):
        return f"titulaire n° {self.pk}"

    def save(self, *args, **kwargs):
        self.birth_name_folded = folded_name(self.birth_name)
        super().save(*args, **kwargs)

    @property
    def nir(self) -> Nir:
        return Nir(self.encrypted_nir)

    @nir.setter
    def nir(self, nir: Nir) -> None:
        self.encrypted_nir = nir.value
        self.nir_index = nir_index(nir)
        self.sex = nir.sex
        self.birth_year = nir.birth_year
        self.birth_month = nir.birth_month
        self.has_provisional_nir = nir.is_provisional

    @property
    def masked_nir(self) -> str:
        """What may be shown of the number, nothing once the account is closed."""
        return self.nir.masked if self.encrypted_nir else "effacé"

    @property
    def hidden_nir(self) -> str:
        """The number for the staff: its shape without a digit, as long as nobody asked to see it."""
        return HIDDEN_NIR if self.encrypted_nir else "effacé"

    def is_named(self, birth_name: str) -> bool:
        """Whether `birth_name` is this person's, whatever its case, accents, signs and spaces."""
        return is_same_name(folded_name(birth_name), self.birth_name_folded)
