"""The figures of the law as the pages of text write them: read from the parameters, never typed in a page."""

from datetime import date

from cpf_portal.ui.formats import NO_BREAK_SPACE, date_fr
from rights.models import Parameter, ParameterName
from rights.models.parameter import Figure, Figures, Unit

EXAMPLE_BELOW_CAP = 200_00  # cents that an account lacks before its cap, in the example
WORDS = {
    Unit.HOURS: "heures",
    Unit.PERCENT: "%",
    Unit.YEARS: "ans",
    Unit.DAYS: "jours ouvrés",
}


def figures_in_words(on: date) -> dict[str, str]:
    """Return the figures in force on that day by their name in lower case, and the examples made of them."""
    figures = Parameter.objects.figures(on)
    known = [name for name in ParameterName if _is_known(figures, name)]
    words = {name.name.lower(): in_words(name, figures.figure(name)) for name in known}
    return words | _examples(figures) | {"on": date_fr(on)}


def in_words(name: ParameterName, figure: Figure) -> str:
    """Return one figure with its unit: « 5 000 € », « 25 heures », « 30 juin 2021 », « sans limite »."""
    if figure.day:
        return date_fr(figure.day)
    if figure.value is None:
        return "sans limite"
    if name.unit is Unit.CENTS:
        return whole_euros(figure.value)
    return (
        f"{figure.value}{NO_BREAK_SPACE}{WORDS[name.unit]}"
        if name.unit in WORDS
        else str(figure.value)
    )


def whole_euros(cents: int) -> str:
    """Return an amount as a text writes it: cents only where there are some, thousands apart."""
    units, rest = divmod(cents, 100)
    grouped = f"{units:,}".replace(",", NO_BREAK_SPACE)
    return f"{grouped}{f',{rest:02d}' if rest else ''}{NO_BREAK_SPACE}€"


def _is_known(figures: Figures, name: ParameterName) -> bool:
    try:
        figures.figure(name)
    except LookupError:
        return False
    return True


def _examples(figures: Figures) -> dict[str, str]:
    """A half-time job during half a year, an account near its cap, all the hours of the DIF."""
    names = ParameterName
    return {
        "quarter_credit": whole_euros(figures[names.CREDIT] // 4),
        "near_cap": whole_euros(figures[names.CREDIT_CAP] - EXAMPLE_BELOW_CAP),
        "missing": whole_euros(EXAMPLE_BELOW_CAP),
        "dif_total": whole_euros(figures[names.DIF_HOURS_CAP] * figures[names.DIF_HOUR_VALUE]),
    }
