"""Feeds of activity for the yearly run."""

import io
from datetime import date

from accounts.models import Titulaire
from rights import yearly
from rights.models import YearlyRun

HEADER = "nir;statut;quotite;du;au"
TODAY = date(2022, 4, 15)


def line(
    titulaire: Titulaire, status="salarie", share="100", first="01/01", last="31/12", year=2021
):
    return f"{titulaire.nir.value};{status};{share};{first}/{year};{last}/{year}"


def feed(*lines: str, has_employers: bool = False) -> io.BytesIO:
    header = f"{HEADER};employeur" if has_employers else HEADER
    return io.BytesIO("\n".join([header, *lines]).encode())


def run_feed(
    *lines: str,
    year: int = 2021,
    today: date = TODAY,
    has_employers: bool = False,
    **options,
) -> YearlyRun:
    """Load and credit a feed of these lines; `options` are those of `credit_everybody`."""
    stream = feed(*lines, has_employers=has_employers)
    run = yearly.open_run(stream, year=year, name="dsn.csv", today=today)
    return yearly.credit_everybody(yearly.load_feed(run, stream), **options)
