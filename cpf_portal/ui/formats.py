"""Amounts and days as the portal writes them in French."""

from datetime import date

from django.utils.formats import date_format

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"


def euros(cents: int) -> str:
    """Return integer cents as an amount: 110500 gives "1105,00 €".

    No thousands separator and a no-break space before the sign, as the portal has always shown
    rights; a negative amount takes a real minus sign.
    """
    units, rest = divmod(abs(cents), 100)
    sign = MINUS if cents < 0 else ""
    return f"{sign}{units},{rest:02d}{NO_BREAK_SPACE}€"


def date_fr(day: date) -> str:
    """Return a day in full: "1er novembre 2026", "22 novembre 2026"."""
    if day.day == 1:
        return f"1er {date_format(day, 'F Y')}"
    return date_format(day, "j F Y")
