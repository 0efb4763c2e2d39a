"""The figures of the rules, each with the day from which it holds and its legal source.

No rule keeps a figure of its own: it reads the one in force on the day that it is about.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q

from rights.exceptions import MissingParameter


class Unit(models.TextChoices):
    CENTS = "cents", "centimes"
    HOURS = "hours", "heures"
    PERCENT = "percent", "%"
    LEVEL = "level", "niveau"
    YEARS = "years", "ans"
    DAYS = "days", "jours ouvrés"
    TIMES = "times", "fois"
    DAY = "on", "date"


class ParameterName(models.TextChoices):
    """What the rules ask for; the last word of the name is the unit."""

    CREDIT = "credit_cents", "Alimentation annuelle d’un salarié"
    CREDIT_CAP = "credit_cap_cents", "Plafond des droits d’un salarié"
    FULL_CREDIT_SHARE = "full_credit_share_percent", "Part de temps plein qui donne l’année entière"
    LOW_QUALIFIED_CREDIT = "low_qualified_credit_cents", "Alimentation d’un salarié peu qualifié"
    LOW_QUALIFIED_CAP = "low_qualified_cap_cents", "Plafond d’un salarié peu qualifié"
    LOW_QUALIFIED_BELOW = "low_qualified_below_level", "Peu qualifié\u00a0: en dessous de ce niveau"
    BOETH_EXTRA = "boeth_extra_cents", "Majoration de l’obligation d’emploi"
    BOETH_CAP = "boeth_cap_cents", "Plafond de l’obligation d’emploi"
    ESAT_CREDIT = "esat_credit_cents", "Alimentation annuelle en ESAT"
    ESAT_CAP = "esat_cap_cents", "Plafond des droits en ESAT"
    INDEPENDENT_CREDIT = "independent_credit_cents", "Alimentation annuelle d’un indépendant"
    INDEPENDENT_CAP = "independent_cap_cents", "Plafond des droits d’un indépendant"
    OPENING_AGE = "opening_age_years", "Âge d’ouverture du compte"
    APPRENTICE_AGE = "apprentice_age_years", "Âge d’ouverture du compte d’un apprenti"
    PRIVATE_HOURS = "private_credit_hours", "Heures par an (2015-2018), première tranche"
    PRIVATE_HOURS_STEP = (
        "private_step_hours",
        "Heures (2015-2018)\u00a0: fin de la première tranche",
    )
    PRIVATE_HOURS_THEN = "private_then_hours", "Heures par an (2015-2018), seconde tranche"
    PRIVATE_HOURS_CAP = "private_cap_hours", "Plafond des heures (2015-2018)"
    PUBLIC_HOURS = "public_credit_hours", "Agent public\u00a0: heures par an"
    PUBLIC_HOURS_STEP = "public_step_hours", "Agent public\u00a0: fin de la première tranche"
    PUBLIC_HOURS_THEN = "public_then_hours", "Agent public\u00a0: heures par an, seconde tranche"
    PUBLIC_HOURS_CAP = "public_cap_hours", "Agent public\u00a0: plafond"
    PUBLIC_C_HOURS = (
        "public_c_credit_hours",
        "Agent de catégorie C peu qualifié\u00a0: heures par an",
    )
    PUBLIC_C_HOURS_CAP = "public_c_cap_hours", "Agent de catégorie C peu qualifié\u00a0: plafond"
    PUBLIC_UNFITNESS = (
        "public_unfitness_hours",
        "Agent public\u00a0: heures pour prévenir une inaptitude",
    )
    PUBLIC_ADVANCE = "public_advance_years", "Agent public\u00a0: années utilisables d’avance"
    HOUR_VALUE = "hour_value_cents", "Valeur d’une heure convertie"
    DIF_HOUR_VALUE = "dif_hour_value_cents", "Valeur d’une heure de DIF"
    DIF_HOURS_CAP = "dif_cap_hours", "Plafond du DIF"
    DIF_DEADLINE = "dif_deadline_on", "Dernier jour pour déclarer son DIF"
    EMPLOYER_PENALTY = "employer_penalty_cents", "Abondement correctif de l’employeur"
    APC_TOP_UP = "apc_top_up_cents", "Abondement après refus d’un accord de performance"
    CEC_CREDIT = "cec_credit_cents", "Compte d’engagement citoyen\u00a0: montant annuel"
    CEC_CAP = "cec_cap_cents", "Compte d’engagement citoyen\u00a0: plafond"
    PARTICIPATION = "participation_cents", "Participation forfaitaire obligatoire"
    RS_CEILING = "rs_ceiling_cents", "Droits utilisables pour une certification du RS"
    BILAN_CEILING = "bilan_ceiling_cents", "Droits utilisables pour un bilan de compétences"
    PERMIS_CEILING = "permis_ceiling_cents", "Droits utilisables pour un permis léger"
    WITHDRAWAL_DAYS = "withdrawal_days", "Délai de rétractation"
    PROVIDER_ANSWER = "provider_answer_days", "Réponse de l’organisme"
    PREREQUISITES_ANSWER = (
        "prerequisites_answer_days",
        "Réponse de l’organisme quand il vérifie des prérequis",
    )
    TITULAIRE_ANSWER = "titulaire_answer_days", "Réponse du titulaire à l’organisme"
    START_AFTER = "start_after_days", "Début de la formation après la demande"
    FREE_CANCELLATION = (
        "free_cancellation_days",
        "Annulation sans frais\u00a0: plus de … avant le début",
    )
    DECLARATION = "declaration_days", "Déclarations de l’organisme (entrée, fin, service fait)"
    FORCE_MAJEURE = "force_majeure_days", "Force majeure déclarée après une absence"
    REQUESTS = "requests_times", "Demandes pour une même offre, au plus"
    SECOND_PERSON_ABOVE = "second_person_above_cents", "Correction à deux au-delà de"

    @property
    def unit(self) -> Unit:
        return Unit(self.value.rsplit("_", 1)[1])


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in force: `value` in its unit or `day` for a date; None in both is "no limit"."""

    name: ParameterName
    value: int | None
    day: date | None
    valid_from: date
    legal_basis: str


class Figures:
    """The figures in force on one day: what a rule, which asks the database nothing, is given."""

    def __init__(self, figures: dict[str, Figure], on: date) -> None:
        self._figures, self.on = figures, on

    def __getitem__(self, name: ParameterName) -> int:
        """Return the value of `name` in its unit. Raises MissingParameter when none is in force."""
        figure = self.figure(name)
        if figure.value is None:
            raise MissingParameter(name, self.on)
        return figure.value

    def __contains__(self, name: ParameterName) -> bool:
        figure = self._figures.get(name)
        return figure is not None and figure.value is not None

    def figure(self, name: ParameterName) -> Figure:
        """Return the figure with its date and its source. Raises MissingParameter."""
        if name not in self._figures:
            raise MissingParameter(name, self.on)
        return self._figures[name]

    def legal_basis(self, name: ParameterName) -> str:
        return self.figure(name).legal_basis


class ParameterQuerySet(models.QuerySet):
    def figures(self, on: date) -> Figures:
        """Return all the figures in force on this day, in one query."""
        rows = self.filter(valid_from__lte=on).order_by("valid_from")
        # the newest comes last and stays
        return Figures({row.name: row.as_figure() for row in rows}, on)


class Parameter(models.Model):
    """One figure from one day on. A new law is a new row: yesterday's figure still explains yesterday."""

    name = models.CharField("paramètre", max_length=40, choices=ParameterName.choices)
    value = models.BigIntegerField(
        "valeur",
        null=True,
        blank=True,
        help_text="Dans l’unité du paramètre\u00a0: centimes, heures, %, jours. "
        "Laissez vide pour «\u00a0sans limite\u00a0».",
    )
    day = models.DateField("jour", null=True, blank=True)
    valid_from = models.DateField("en vigueur à partir du")
    legal_basis = models.CharField("base légale", max_length=200)
    note = models.CharField("remarque", max_length=300, blank=True)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        verbose_name = "paramètre"
        ordering = ["name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"],
                name="parameter_one_figure_a_day",
                violation_error_message="Ce paramètre change déjà ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__range=(0, 1_000_000_000)),
                name="parameter_value_not_negative",
                violation_error_message="La valeur ne peut pas être négative.",
            ),
            models.CheckConstraint(
                condition=Q(name__endswith="_on", value__isnull=True)
                | (~Q(name__endswith="_on") & Q(day__isnull=True)),
                name="parameter_is_of_its_unit",
                violation_error_message="Remplissez la valeur ou le jour, selon le paramètre.",
            ),
            models.CheckConstraint(
                condition=~Q(legal_basis=""),
                name="parameter_has_a_legal_basis",
                violation_error_message="Indiquez la base légale.",
            ),
        ]

    def __str__(self):
        return f"{self.get_name_display()} au {self.valid_from:%d/%m/%Y}"

    def as_figure(self) -> Figure:
        name = ParameterName(self.name)
        return Figure(name, self.value, self.day, self.valid_from, self.legal_basis)
