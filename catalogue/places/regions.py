"""Régions and overseas collectivities by their INSEE code (COG 2026)."""

from catalogue.places.departments import DEPARTMENTS

REGIONS = {
    "84": "Auvergne-Rhône-Alpes",
    "27": "Bourgogne-Franche-Comté",
    "53": "Bretagne",
    "24": "Centre-Val de Loire",
    "94": "Corse",
    "44": "Grand Est",
    "01": "Guadeloupe",
    "03": "Guyane",
    "32": "Hauts-de-France",
    "11": "Île-de-France",
    "04": "La Réunion",
    "02": "Martinique",
    "06": "Mayotte",
    "28": "Normandie",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "52": "Pays de la Loire",
    "93": "Provence-Alpes-Côte d’Azur",
    # an overseas collectivity is its own région and département
    **{
        code: name
        for code, name in DEPARTMENTS.items()
        if code.startswith(("975", "977", "978", "98"))
    },
}

# What each holds, but for the collectivities.
HELD = {
    "84": "01 03 07 15 26 38 42 43 63 69 73 74",
    "27": "21 25 39 58 70 71 89 90",
    "53": "22 29 35 56",
    "24": "18 28 36 37 41 45",
    "94": "2A 2B",
    "44": "08 10 51 52 54 55 57 67 68 88",
    "01": "971",
    "03": "973",
    "32": "02 59 60 62 80",
    "11": "75 77 78 91 92 93 94 95",
    "04": "974",
    "02": "972",
    "06": "976",
    "28": "14 27 50 61 76",
    "75": "16 17 19 23 24 33 40 47 64 79 86 87",
    "76": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "52": "44 49 53 72 85",
    "93": "04 05 06 13 83 84",
}
_REGION_OF = {code: code for code in REGIONS if code in DEPARTMENTS and len(code) == 3} | {
    department: region for region, held in HELD.items() for department in held.split()
}


def region_of(department: str) -> str | None:
    """Return the région of a département, the collectivity itself, or None for another text."""
    return _REGION_OF.get(department)
