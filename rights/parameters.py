"""The figures of the law from 2015 to 2026, as the migration writes them; the operator adds his own.

An amount is in cents, a share in %, an age in years. `valid_from` is the day of the text, or the
first day of the first year that it credits.
"""

from datetime import date

from rights.models.parameter import ParameterName as P

R6323_1 = "Code du travail, art. R6323-1 (décret n° 2018-1329 du 28 décembre 2018)"
R6323_3_1 = "Code du travail, art. L6323-11-1 et R6323-3-1"
D6323_3_3 = "Code du travail, art. L6323-11 et D6323-3-3 (décret n° 2019-566 du 7 juin 2019)"
R6323_29 = "Code du travail, art. L6323-34 et R6323-29"
R6323_22 = "Code du travail, art. L6323-27 et R6323-22"
L5151_2 = "Code du travail, art. L5151-2 et L6323-1"
HOURS_2015 = (
    "Loi n° 2014-288 du 5 mars 2014, art. 1 (24 h par an jusqu’à 120 h, puis 12 h jusqu’à 150 h)"
)
D2018_1153 = "Décret n° 2018-1153 du 14 décembre 2018"
ORD_2017 = "Ordonnance n° 2017-53 du 19 janvier 2017"
D2019_1392 = "Décret n° 2019-1392 du 17 décembre 2019"
DIF = "Ordonnance n° 2019-861 du 21 août 2019, art. 8"
D2026_127 = "Code du travail, art. D6323-1 A (décret n° 2026-127)"
CEC = "Code du travail, art. L5151-10 et D5151-14, I"
CEC_CAP = "Code du travail, art. L5151-10 et D5151-14, III"
CP_2019 = "Conditions d’utilisation et conditions particulières de 2019"
CP_LATER = (
    "Conditions particulières des titulaires, version postérieure à 2019"
    " (date d’effet\u00a0: sans source publique trouvée)"
)
CP_2021 = "Communiqué de la Caisse des Dépôts du 18 mai 2021 (applicable au 10 juin 2021)"
ABSENCE = f"{CP_2019} (sauf force majeure) ; délai fixé par l’exploitant"
OPENING = date(2019, 11, 21)
Y2015, Y2019, Y2020 = date(2015, 1, 1), date(2019, 1, 1), date(2020, 1, 1)
Y2017 = date(2017, 5, 11)  # the day after the publication of the décret n° 2017-928

# name, value (a day for a deadline, None for « no limit »), valid from, legal basis
ROWS: list[tuple[P, int | date | None, date, str]] = [
    (P.CREDIT, 500_00, Y2019, R6323_1),
    (P.CREDIT_CAP, 5_000_00, Y2019, R6323_1),
    (P.FULL_CREDIT_SHARE, 50, Y2019, R6323_1),
    (P.LOW_QUALIFIED_CREDIT, 800_00, Y2019, R6323_3_1),
    (P.LOW_QUALIFIED_CAP, 8_000_00, Y2019, R6323_3_1),
    (P.LOW_QUALIFIED_BELOW, 3, Y2019, R6323_3_1),
    (P.BOETH_EXTRA, 300_00, date(2019, 6, 9), D6323_3_3),
    (P.BOETH_CAP, 8_000_00, date(2019, 6, 9), D6323_3_3),
    (P.ESAT_CREDIT, 800_00, Y2019, R6323_29),
    (P.ESAT_CAP, 8_000_00, Y2019, R6323_29),
    (P.INDEPENDENT_CREDIT, 500_00, Y2019, R6323_22),
    (P.INDEPENDENT_CAP, 5_000_00, Y2019, R6323_22),
    (P.OPENING_AGE, 16, Y2015, L5151_2),
    (P.APPRENTICE_AGE, 15, Y2015, L5151_2),
    (P.PRIVATE_HOURS, 24, Y2015, HOURS_2015),
    (P.PRIVATE_HOURS_STEP, 120, Y2015, HOURS_2015),
    (P.PRIVATE_HOURS_THEN, 12, Y2015, HOURS_2015),
    (P.PRIVATE_HOURS_CAP, 150, Y2015, HOURS_2015),
    (P.PUBLIC_HOURS, 24, Y2015, ORD_2017),
    (P.PUBLIC_HOURS_STEP, 120, Y2015, ORD_2017),
    (P.PUBLIC_HOURS_THEN, 12, Y2015, ORD_2017),
    (P.PUBLIC_HOURS_CAP, 150, Y2015, ORD_2017),
    (P.PUBLIC_C_HOURS, 48, Y2015, ORD_2017),
    (P.PUBLIC_C_HOURS_CAP, 400, Y2015, ORD_2017),
    (P.PUBLIC_HOURS, 25, Y2020, D2019_1392),
    (P.PUBLIC_HOURS_STEP, 150, Y2020, D2019_1392),
    (P.PUBLIC_HOURS_THEN, 0, Y2020, D2019_1392),
    (P.PUBLIC_HOURS_CAP, 150, Y2020, D2019_1392),
    (P.PUBLIC_C_HOURS, 50, Y2020, D2019_1392),
    (P.PUBLIC_C_HOURS_CAP, 400, Y2020, D2019_1392),
    (P.PUBLIC_UNFITNESS, 150, Y2017, f"Loi n° 83-634, art. 22 quater ({ORD_2017})"),
    (P.PUBLIC_ADVANCE, 2, Y2017, "Décret n° 2017-928 du 6 mai 2017, art. 4"),
    (P.HOUR_VALUE, 15_00, Y2019, f"{D2018_1153} ; Code du travail, art. R6323-43 et D6323-44"),
    (P.DIF_HOUR_VALUE, 15_00, Y2019, D2018_1153),
    (P.DIF_HOURS_CAP, 120, Y2015, "Loi n° 2004-391 du 4 mai 2004 (20 h par an, 120 h au plus)"),
    (P.DIF_DEADLINE, date(2020, 12, 31), date(2019, 8, 22), DIF),
    (P.DIF_DEADLINE, date(2021, 6, 30), date(2020, 12, 31), f"{DIF}, échéance reportée"),
    (P.EMPLOYER_PENALTY, 3_000_00, Y2019, "Code du travail, art. L6323-13 et R6323-3"),
    (P.APC_TOP_UP, 3_000_00, Y2019, "Code du travail, art. L2254-2 et R6323-3-2"),
    (P.CEC_CREDIT, 240_00, Y2019, CEC),
    (P.CEC_CAP, 720_00, Y2019, CEC_CAP),
    (P.PARTICIPATION, 0, Y2019, "Code du travail, art. L6323-4 (aucune participation avant 2024)"),
    (P.PARTICIPATION, 100_00, date(2024, 5, 2), "Décret n° 2024-394 du 29 avril 2024"),
    (P.PARTICIPATION, 102_23, date(2025, 1, 1), "Décret n° 2024-394, revalorisation pour 2025"),
    (P.PARTICIPATION, 103_20, date(2026, 1, 1), "Arrêté du 30 décembre 2025"),
    (P.PARTICIPATION, 150_00, date(2026, 4, 2), "Décret n° 2026-234 du 30 mars 2026"),
    (P.RS_CEILING, None, Y2019, "Code du travail, art. L6323-6 (sans plafond avant 2026)"),
    (P.RS_CEILING, 1_500_00, date(2026, 2, 26), D2026_127),
    (P.BILAN_CEILING, None, Y2019, "Code du travail, art. L6323-6 (sans plafond avant 2026)"),
    (P.BILAN_CEILING, 1_600_00, date(2026, 2, 26), D2026_127),
    (P.PERMIS_CEILING, None, Y2019, "Code du travail, art. L6323-6 (sans plafond avant 2026)"),
    (P.PERMIS_CEILING, 900_00, date(2026, 2, 26), D2026_127),
    (P.WITHDRAWAL_DAYS, 14, date(2019, 11, 21), "Conditions générales d’utilisation de 2019, art. 4.1"),
    (P.WITHDRAWAL_DAYS, 11, date(2022, 1, 1), CP_LATER),
    (P.PROVIDER_ANSWER, 2, OPENING, CP_2019),
    (P.PREREQUISITES_ANSWER, 30, OPENING, CP_2019),
    (P.TITULAIRE_ANSWER, 4, OPENING, CP_2019),
    (P.START_AFTER, 11, OPENING, CP_2021),
    (P.FREE_CANCELLATION, 7, OPENING, CP_2019),
    (P.DECLARATION, 3, OPENING, CP_2019),
    (P.FORCE_MAJEURE, 4, OPENING, ABSENCE),
    (P.REQUESTS, 5, OPENING, CP_2019),
    (P.SECOND_PERSON_ABOVE, 1_000_00, Y2015, "Règle interne de l’exploitant (contrôle à deux)"),
]  # fmt: skip

# What the source does not settle; the operator reads it beside the figure.
NOTES = {
    P.WITHDRAWAL_DAYS: (
        "Des textes plus récents disent «\u00a011 jours ouvrés\u00a0» et aucun, cherché en novembre 2026, ne"
        " donne la date du changement\u00a0: le 1er janvier 2022 est un choix, à confirmer par l’exploitant."
    ),
    P.START_AFTER: (
        "Communiqué lu à travers la presse (Cap Métiers Nouvelle-Aquitaine, cpformation.com)\u00a0; le"
        " portail l’applique dès l’ouverture, ce qui laisse plus de temps pour réfléchir."
    ),
    P.HOUR_VALUE: (
        "R6323-43 ne borne la conversion que par les plafonds en euros, 8000\u00a0€ pour les peu qualifiés"
        " et en ESAT. Une fiche de l’ANFH parle aussi de 150 heures en six ans (décret n° 2019-1392)\u00a0:"
        " texte non trouvé, absent de la page du service, limite non appliquée."
    ),
    P.EMPLOYER_PENALTY: (
        "Entreprises d’au moins 50 salariés, quand les entretiens professionnels n’ont pas eu lieu."
    ),
    P.APC_TOP_UP: (
        "Minimum versé au salarié licencié pour avoir refusé un accord de performance collective."
    ),
    P.FORCE_MAJEURE: (
        "Les conditions disent «\u00a0sauf force majeure\u00a0» sans donner de délai pour la déclarer\u00a0:"
        " ces jours sont ceux que le titulaire a pour toute autre réponse."
    ),
}


def load(model) -> None:
    """Write the rows of ROWS that are not there yet into `model`, the historical or present Parameter."""
    model.objects.bulk_create(
        [
            model(
                name=name,
                value=None if isinstance(value, date) else value,
                day=value if isinstance(value, date) else None,
                valid_from=valid_from,
                legal_basis=legal_basis,
                note=NOTES.get(name, ""),
            )
            for name, value, valid_from, legal_basis in ROWS
        ],
        ignore_conflicts=True,
    )
