"""What a search can be narrowed by: the choices of each facet, and where an offer stands in it.

A facet is a column of small numbers in the index: the place of its value among `labels`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalogue.models import Modality
from catalogue.places.departments import DEPARTMENTS
from catalogue.places.regions import REGIONS, region_of
from catalogue.search.rows import OfferRow, Placed


@dataclass(frozen=True)
class Facet:
    """`name` is the parameter of the address, `column` the field of the index.

    `labels` gives the values of the address and what people read; `value_of` the value of an offer.
    """

    name: str
    title: str
    labels: Mapping[str, str]
    value_of: Callable[[OfferRow], str | None]

    @property
    def column(self) -> str:
        return f"facet_{self.name}"

    @cached_property
    def values(self) -> list[str]:
        return list(self.labels)

    @cached_property
    def numbers(self) -> dict[str | None, int]:
        return {value: number for number, value in enumerate(self.labels)}

    def number_of(self, offer: OfferRow) -> int | None:
        """Return what the index holds of an offer; None when the facet says nothing of it."""
        return self.numbers.get(self.value_of(offer))


MODALITIES = {
    "centre": (Modality.ON_SITE, "En centre de formation"),
    "mixte": (Modality.MIXED, "En centre et à distance"),
    "distance": (Modality.REMOTE, "À distance"),
}
VALUE_OF_MODALITY = {modality: value for value, (modality, _label) in MODALITIES.items()}
LEVELS = {
    3: "Niveau 3 (CAP, BEP)",
    4: "Niveau 4 (baccalauréat)",
    5: "Niveau 5 (bac + 2)",
    6: "Niveau 6 (bac + 3 ou 4)",
    7: "Niveau 7 (bac + 5)",
    8: "Niveau 8 (doctorat)",
}
# Codes of the catalogue of the CPF: one for the VAE, one for the bilan, one for each permis.
CPF_CODES = {
    "CPF200": "vae",
    "CPF202": "bilan",
    "CPF203": "creation",
    **dict.fromkeys(["CPF206", *(f"CPF{n}" for n in range(210, 223))], "permis"),
}
# (value of the address, upper limit, what people read); the lower limit is the one above it
PRICES = (
    ("500", 500_00, "Jusqu’à 500\u00a0€"),
    ("1000", 1000_00, "De 500 à 1000\u00a0€"),
    ("1500", 1500_00, "De 1000 à 1500\u00a0€"),
    ("3000", 3000_00, "De 1500 à 3000\u00a0€"),
    ("plus", None, "Plus de 3000\u00a0€"),
)
DURATIONS = (
    ("14", 14, "Jusqu’à 14\u00a0heures"),
    ("35", 35, "De 15 à 35\u00a0heures"),
    ("150", 150, "De 36 à 150\u00a0heures"),
    ("600", 600, "De 151 à 600\u00a0heures"),
    ("plus", None, "Plus de 600\u00a0heures"),
)


def _modality(offer: OfferRow) -> str:
    return VALUE_OF_MODALITY[Modality(offer.modality)]


def _certification(offer: OfferRow) -> str:
    certification = offer.certification
    if certification is None:
        return "aucune"
    return CPF_CODES.get(certification.code, certification.kind.lower())


def _level(offer: OfferRow) -> str | None:
    """Return the level of the register, else the one that the provider says."""
    level = (offer.certification and offer.certification.level) or offer.exit_level
    return str(level) if level else None


def _region(offer: OfferRow) -> str | None:
    department = department_of(offer)
    return offer.commune.region if department and offer.commune else region_of(department)


def _entries(offer: OfferRow) -> str | None:
    return "permanentes" if any(session.is_permanent for session in offer.sessions) else None


def _access(offer: OfferRow) -> str | None:
    return "lieu" if offer.is_accessible and offer.modality != Modality.REMOTE else None


def department_of(offer: Placed) -> str:
    """Return where the offer takes place, or an empty text: a remote one is near nobody.

    Of open data, only the département is known.
    """
    if offer.modality == Modality.REMOTE:
        return ""
    return offer.commune.department if offer.commune else offer.department


def band_of(bands: Sequence[tuple[str, int | None, str]], amount: int | None) -> str | None:
    """Return the value of the first band that holds the amount."""
    if amount is None:
        return None
    return next(value for value, limit, _ in bands if limit is None or amount <= limit)


def _labels(bands: Sequence[tuple[str, int | None, str]]) -> dict[str, str]:
    return {value: label for value, _limit, label in bands}


FACETS = (
    Facet("modalite", "Format", {v: label for v, (_, label) in MODALITIES.items()}, _modality),
    Facet("prix", "Prix", _labels(PRICES), lambda offer: band_of(PRICES, offer.price_cents)),
    Facet(
        "certification",
        "Certification",
        {
            "rncp": "Répertoire national (RNCP)",
            "rs": "Répertoire spécifique (RS)",
            "vae": "Validation des acquis (VAE)",
            "bilan": "Bilan de compétences",
            "permis": "Permis de conduire",
            "creation": "Création d’entreprise",
            "cpf": "Autre action éligible",
            "aucune": "Sans certification",
        },
        _certification,
    ),
    Facet("niveau", "Niveau de sortie", {str(n): label for n, label in LEVELS.items()}, _level),
    Facet("duree", "Durée", _labels(DURATIONS), lambda offer: band_of(DURATIONS, offer.hours)),
    Facet("entrees", "Date de début", {"permanentes": "Entrées permanentes"}, _entries),
    Facet("acces", "Accessibilité", {"lieu": "Lieu accessible aux personnes handicapées"}, _access),
    Facet("region", "Région", REGIONS, _region),
    Facet("departement", "Département", DEPARTMENTS, department_of),
)
BY_NAME = {facet.name: facet for facet in FACETS}
