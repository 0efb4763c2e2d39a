"""« Pourquoi ce montant ? »: for each movement the rule in words, the figures used, the article."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from cpf_portal.ui.formats import NO_BREAK_SPACE, euros
from rights.models import Figures, Movement, MovementKind, Parameter
from rights.models import ParameterName as P
from rights.models.parameter import Figure
from rights.rules.consumption import ORDER_IN_WORDS
from rights.rules.yearly import FIRST_YEAR_IN_EUROS, figures_day


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a line opens on."""

    rule: str
    figures: list[tuple[str, str]] = field(default_factory=list)
    article: str = ""


class FiguresBook:
    """All the figures of all times, read once, for lines of different years."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Figure]] = defaultdict(list)
        for row in Parameter.objects.order_by("valid_from"):
            self._rows[row.name].append(row.as_figure())

    def on(self, day: date) -> Figures:
        """Return the figures in force on `day`."""
        in_force = {}
        for name, figures in self._rows.items():
            for figure in figures:
                if figure.valid_from <= day:
                    in_force[name] = figure
        return Figures(in_force, day)


def explain(movement: Movement, book: FiguresBook) -> Explanation:
    """Return why `movement` has its amount: the calculation it keeps, else the rule of its year."""
    rule, figures = EXPLAINERS[MovementKind(movement.kind)](movement, book)
    return Explanation(rule, list(figures), movement.legal_basis)


Answer = tuple[str, Iterator[tuple[str, str]] | list[tuple[str, str]]]

RULES = {
    "salarie": (
        "Une année de travail à mi-temps ou plus donne le montant entier\u00a0; en dessous, le montant"
        " est proportionnel au temps de travail, arrondi au centime supérieur."
    ),
    "low_qualified": (
        "Sans diplôme de niveau 3 (CAP, BEP), l’année de travail donne un montant et un plafond"
        " plus élevés."
    ),
    "boeth": (
        "Bénéficiaire de l’obligation d’emploi, vous recevez une majoration et votre plafond est"
        " plus élevé."
    ),
    "esat": "En ESAT, chaque année donne le montant majoré, à temps plein comme à temps partiel.",
    "independant": (
        "Une année d’activité indépendante donne le montant entier\u00a0; une partie de l’année, le"
        " montant en proportion, si la contribution à la formation est payée."
    ),
}
_PARAMETERS = {
    "salarie": (P.CREDIT, P.CREDIT_CAP),
    "low_qualified": (P.LOW_QUALIFIED_CREDIT, P.LOW_QUALIFIED_CAP),
    "boeth": (P.BOETH_EXTRA, P.BOETH_CAP),
    "esat": (P.ESAT_CREDIT, P.ESAT_CAP),
    "independant": (P.INDEPENDENT_CREDIT, P.INDEPENDENT_CAP),
}


def _yearly(movement: Movement, book: FiguresBook) -> Answer:
    rule = movement.details.get("rule", "salarie")
    return RULES.get(rule, RULES["salarie"]), _yearly_figures(movement, rule, book)


def _yearly_figures(movement: Movement, rule: str, book: FiguresBook) -> Iterator[tuple[str, str]]:
    details = movement.details
    if "work_share" in details:
        share = f"{details['work_share'] / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
        yield "Temps de travail sur l’année", f"{share}{NO_BREAK_SPACE}%"
    year = movement.year or 0
    if year >= FIRST_YEAR_IN_EUROS:
        figures = book.on(figures_day(year))
        credit, cap = _PARAMETERS.get(rule, _PARAMETERS["salarie"])
        if credit in figures:
            yield "Montant d’une année entière", euros(_full_year(rule, figures))
            yield "Plafond des droits", euros(figures[cap])
    if "amount_cents" in details and details["amount_cents"] != movement.amount_cents:
        yield "Calculé avant le plafond", euros(details["amount_cents"])
        if "held_cents" in details:
            yield "Déjà sur le compte, DIF et réservations compris", euros(details["held_cents"])
        yield "Inscrit, dans la limite du plafond", euros(movement.amount_cents)


def _full_year(rule: str, figures: Figures) -> int:
    if rule == "boeth":
        return figures[P.CREDIT] + figures[P.BOETH_EXTRA]
    return figures[_PARAMETERS.get(rule, _PARAMETERS["salarie"])[0]]


def _by_the_hour(rule: str, value: P) -> Callable[[Movement, FiguresBook], Answer]:
    def explain_hours(movement: Movement, book: FiguresBook) -> Answer:
        figures = book.on(movement.effective_on)
        if value not in figures:
            return rule, []
        cents = movement.details.get("cents_per_hour", figures[value])
        hours, rest = divmod(abs(movement.amount_cents), cents)
        lines = [("Valeur d’une heure", euros(cents))]
        if not rest:
            lines.insert(0, ("Heures", f"{hours}{NO_BREAK_SPACE}h"))
        return rule, lines

    return explain_hours


def _plain(rule: str) -> Callable[[Movement, FiguresBook], Answer]:
    return lambda movement, book: (rule, [])


def _abondement(movement: Movement, book: FiguresBook) -> Answer:
    return (
        "Un financeur a ajouté ce montant à vos droits, au-delà de leur plafond, aux conditions"
        " indiquées dans vos abondements."
    ), [("Financeur", movement.source)]


def _use(rule: str) -> Callable[[Movement, FiguresBook], Answer]:
    return lambda movement, book: (rule, [("Pour", movement.source)])


EXPLAINERS: dict[MovementKind, Callable[[Movement, FiguresBook], Answer]] = {
    MovementKind.YEARLY_CREDIT: _yearly,
    MovementKind.HOURS_CONVERSION: _by_the_hour(
        "Des heures sont converties en euros, à la valeur fixée par décret\u00a0: celles de 2015 à 2018 pour"
        " tous, celles d’un agent public quand il le demande.",
        P.HOUR_VALUE,
    ),
    MovementKind.DIF: _by_the_hour(
        "Chaque heure de DIF vaut un montant fixé par décret. Le DIF est compris dans le total et"
        " compte dans le plafond.",
        P.DIF_HOUR_VALUE,
    ),
    MovementKind.DIF_WITHDRAWAL: _by_the_hour(
        "Des heures de DIF ont été retirées\u00a0: correction de votre part, ou justificatif refusé.",
        P.DIF_HOUR_VALUE,
    ),
    MovementKind.ABONDEMENT: _abondement,
    MovementKind.EXPIRY: _plain(
        "L’abondement est arrivé à son terme\u00a0: ce qui n’était pas utilisé retourne au financeur."
    ),
    MovementKind.CORRECTION: _plain(
        "L’assistance a corrigé une erreur par ce mouvement\u00a0; rien n’a été effacé."
    ),
    MovementKind.RESERVATION: _use(
        f"Ce montant est mis de côté pour une formation. {ORDER_IN_WORDS}"
    ),
    MovementKind.RELEASE: _use(
        "La réservation est levée\u00a0: le montant revient dans vos droits."
    ),
    MovementKind.SPEND: _use("La formation est payée avec ce montant."),
}
