"""The fictitious training bodies of the demonstration: one for each family in each region at least."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.utils.text import slugify

from catalogue.models import Commune, Provider
from cpf_portal.demo.numbers import phone, siret
from cpf_portal.demo.trainings import families

# Families × regions make 180; the most populated regions share the others.
EXTRA_PROVIDERS = 70

REGIONS = {
    "01": "Guadeloupe",
    "02": "Martinique",
    "03": "Guyane",
    "04": "La Réunion",
    "06": "Mayotte",
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d’Azur",
    "94": "Corse",
}

KINDS = {
    "accompagnement": ("Cabinet", "Carrefour des parcours", "Compétences et projets"),
    "artisanat": ("École des gestes", "Les Ateliers", "Maison des métiers"),
    "batiment_industrie": ("Chantier-école", "Centre technique", "Compagnie de formation"),
    "commerce_management": ("École de vente", "Institut de management", "Campus"),
    "conduite": ("Auto-école", "École de conduite", "Centre de conduite"),
    "gestion": ("Institut de gestion", "Bureau-école", "Académie tertiaire"),
    "langues": ("Institut de langues", "Centre linguistique", "L’Atelier des langues"),
    "numerique": ("École du code", "Fabrique numérique", "Campus numérique"),
    "sante_social": ("Institut du soin", "École du service", "Centre de formation sociale"),
    "securite_logistique": ("Centre de prévention", "Plateforme logistique", "Sécurité formation"),
}
NATURE = (
    "de l’Aubépine", "de l’Hirondelle", "de la Hulotte", "du Martin-pêcheur", "des Sittelles",
    "du Merisier", "de la Garrigue", "du Cormoran", "des Genêts", "du Tilleul", "de l’Alouette",
    "de la Bruyère", "du Chardonneret", "des Fauvettes", "de l’Érable", "du Héron", "de la Huppe",
    "des Mésanges", "du Noisetier", "de l’Orme", "du Pinson", "de la Rainette", "des Roseaux",
    "du Sorbier", "de la Tourterelle", "du Frêne", "de l’Écureuil", "des Coquelicots", "du Lavoir",
    "de la Bergeronnette", "du Cèdre", "de l’Iris", "des Cigales", "du Rossignol", "de la Menthe",
    "du Cerisier", "de l’Osier", "des Capucines", "du Colibri", "de la Loutre", "du Bouleau",
    "de l’Asphodèle", "des Hérissons", "du Romarin", "de la Libellule", "du Jasmin",
    "de l’Échassier", "des Violettes", "du Châtaignier", "de la Salamandre",
)  # fmt: skip


@dataclass(slots=True)
class Centre:
    """A provider with what it teaches, where it stands and how many offers it has so far."""

    provider: Provider
    family: str
    region: str
    home: Commune
    offers: int = 0


def build_centres(rng: Random, towns: Mapping[str, Sequence[Commune]]) -> list[Centre]:
    """Return the fictitious providers, with names, SIRET, telephones and sites that are nobody's.

    `towns` gives the possible communes of each region.
    """
    places = [(region, family) for region in REGIONS for family in families()]
    weights = [sum(town.population for town in towns[region]) for region in REGIONS]
    extra = rng.choices(list(REGIONS), weights, k=EXTRA_PROVIDERS)
    places += [(region, families()[i % len(families())]) for i, region in enumerate(extra)]
    return [
        Centre(_provider(serial, family, region), family, region, draw_town(rng, towns[region]))
        for serial, (region, family) in enumerate(places)
    ]


def draw_town(rng: Random, towns: Sequence[Commune]) -> Commune:
    """Draw a commune, the more populated the more often."""
    return rng.choices(towns, [town.population for town in towns])[0]


def _provider(serial: int, family: str, region: str) -> Provider:
    name = _name(serial, family)
    slug = slugify(name.replace("’", " "))
    return Provider(
        siret=siret(serial),
        name=name,
        phone=phone(region, serial),
        email=f"{slug}@example.org",
        website=f"https://{slug}.example.org/",
    )


def _name(serial: int, family: str) -> str:
    # A family meets each pair once before it meets one again: 3 kinds × 50 names.
    rank, shift = serial // len(families()), 7 * families().index(family)
    return f"{KINDS[family][rank % 3]} {NATURE[(rank + shift) % len(NATURE)]}"
