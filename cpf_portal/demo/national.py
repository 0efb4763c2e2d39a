"""A catalogue of the size of the country, for measures: the same for the same size, seed and day.

Providers and trainings are drawn by Zipf's law (few give very much, most give little), places by
population, prices and durations from what the demonstration's trainings cost and last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from catalogue.imports import CertificationDraft, OfferDraft, ProviderDraft, SessionDraft
from catalogue.models import Commune, Modality, SessionState
from cpf_portal.demo.catalogue import (
    HIGHLIGHTS,
    MODALITIES,
    REMOTE_HIGHLIGHTS,
    STREETS,
    duration_and_price,
    suits,
)
from cpf_portal.demo.numbers import generated_siret, phone
from cpf_portal.demo.providers import KINDS, NATURE
from cpf_portal.demo.trainings import Training, trainings

OFFERS_A_PROVIDER = 20
ZIPF = 0.8
MIN_POPULATION = 1000
# How many dated sessions an offer has, by weight: with the permanent ones (one each) 2.8 on average,
# as in the real catalogue of 2020.
SESSION_COUNTS, SESSION_WEIGHTS = (1, 2, 3, 4, 6, 10), (20, 22, 20, 18, 12, 8)
PERMANENT_SHARE = 0.25
# Of the offers in a centre, how many say where exactly, within so many degrees of the town's own position.
LOCATED_SHARE, LOCATED_WITHIN = 0.4, 0.03
AUDIENCES = (
    "", "", "", "niveau débutant", "niveau intermédiaire", "perfectionnement", "en soirée", "intensif",
    "le samedi", "en petit groupe", "cours particuliers", "remise à niveau", "parcours complet",
    "sur mesure", "initiation", "avec stage", "en alternance",
)  # fmt: skip
DETAILS = (
    "Les groupes sont constitués après un entretien et un test de positionnement.",
    "Les supports sont remis au premier jour et restent consultables pendant un an.",
    "Un référent suit chaque stagiaire du premier rendez-vous au bilan de fin de parcours.",
    "Les exercices partent de situations de travail rencontrées par les participants.",
    "Une journée de révision précède les épreuves.",
    "Un bilan est fait à mi-parcours pour adapter la progression.",
    "Les formateurs exercent ou ont exercé le métier qu’ils enseignent.",
    "La moitié du temps est consacrée à la pratique sur le matériel du centre.",
)
RHYTHMS = ("À temps plein, en semaine", "À temps partiel", "En soirée", "Le week-end", "")


@dataclass(slots=True)
class Town:
    code: str
    name: str
    postcode: str
    region: str
    department: str
    latitude: float
    longitude: float


@dataclass(slots=True)
class Body:
    """A provider: most of what it gives is of one family, in one town."""

    provider: ProviderDraft
    choices: list[Training]
    home: Town
    offers: int = 0


class NationalCatalogue:
    """`providers()` and `offers()` of one drawing; needs the communes (LookupError without)."""

    def __init__(self, offers: int, seed: int, today: date) -> None:
        self._rng = Random(seed)  # noqa: S311 repeatable on purpose
        self._count = offers
        self._monday = today - timedelta(days=today.weekday())
        self._towns, self._town_weights = _towns()
        self._trainings = sorted(trainings(), key=lambda training: -training.frequency)
        self._training_weights = _zipf(len(self._trainings))
        self._bodies = [self._body(n) for n in range(max(5, offers // OFFERS_A_PROVIDER))]

    def providers(self) -> dict[str, ProviderDraft]:
        return {body.provider.siret: body.provider for body in self._bodies}

    def certifications(self) -> dict[str, CertificationDraft]:
        return {
            training.code: CertificationDraft(
                training.code, training.certification, training.level, training.jobs
            )
            for training in self._trainings
        }

    def offers(self) -> Iterator[OfferDraft]:
        weights = _zipf(len(self._bodies))
        for body in self._rng.choices(self._bodies, cum_weights=weights, k=self._count):
            body.offers += 1
            yield self._offer(body)

    def _town(self) -> Town:
        return self._rng.choices(self._towns, cum_weights=self._town_weights)[0]

    def _body(self, serial: int) -> Body:
        rng = self._rng
        choices = rng.choices(self._trainings, cum_weights=self._training_weights, k=4)
        home = self._town()
        kind = rng.choice(KINDS[choices[0].family])
        name = f"{kind} {rng.choice(NATURE)}, {home.name}"
        siret = generated_siret(serial)
        return Body(
            ProviderDraft(
                siret=siret,
                name=name[:250],
                phone=phone(home.region, serial % 1000),
                email=f"contact{serial}@example.org",
                website=f"https://organisme{serial}.example.org/",
            ),
            choices,
            home,
        )

    def _offer(self, body: Body) -> OfferDraft:
        rng = self._rng
        training = rng.choice(body.choices)
        modality = rng.choices(MODALITIES, training.formats)[0]
        is_remote = modality == Modality.REMOTE
        town = body.home if rng.random() < 0.6 else self._town()
        hours, price_cents = duration_and_price(rng, training, modality)
        title = rng.choice([t for t in training.titles if suits(t, modality)] or training.titles)
        audience = rng.choice(AUDIENCES)
        latitude, longitude = (None, None) if is_remote else self._position(town)
        number = f"A{body.offers:05d}"
        return OfferDraft(
            siret=body.provider.siret,
            public_id=f"{body.provider.siret}_{number}",
            training_number=f"F{body.choices.index(training)}{len(audience):02d}",
            number=number,
            certification_code=training.code,
            title=f"{title}, {audience}" if audience else title,
            modality=modality.value,
            commune_id=None if is_remote else town.code,
            department="" if is_remote else town.department,
            address="" if is_remote else f"{rng.randint(1, 180)} {rng.choice(STREETS)}",
            latitude=latitude,
            longitude=longitude,
            highlights=rng.choice(REMOTE_HIGHLIGHTS if is_remote else HIGHLIGHTS),
            objectives=training.objectives,
            content=f"{training.content}\n\n" + "\n".join(rng.sample(DETAILS, 4)),
            results=training.results,
            access_conditions=training.access,
            skills=training.skills,
            rhythm=rng.choice(RHYTHMS),
            is_accessible=rng.random() < 0.4,
            price_cents=price_cents,
            hours=hours,
            exit_level=training.level,
            languages="FR",
            contact_email=body.provider.email,
            sessions=self._sessions(hours),
        )

    def _position(self, town: Town) -> tuple[float | None, float | None]:
        rng = self._rng
        if rng.random() >= LOCATED_SHARE:
            return None, None
        north, east = (rng.uniform(-LOCATED_WITHIN, LOCATED_WITHIN) for _ in range(2))
        return round(town.latitude + north, 5), round(town.longitude + east, 5)

    def _sessions(self, hours: int) -> tuple[SessionDraft, ...]:
        rng = self._rng
        if rng.random() < PERMANENT_SHARE:
            return (SessionDraft("S00", is_permanent=True),)
        count = rng.choices(SESSION_COUNTS, SESSION_WEIGHTS)[0]
        starts = sorted(rng.sample(range(1, 53), count))
        length = timedelta(days=max(0, hours // 6))
        return tuple(
            SessionDraft(
                f"S{rank:02d}",
                starts_on=(start := self._monday + timedelta(weeks=week)),
                ends_on=start + length,
                state=(SessionState.CLOSED if rng.random() < 0.1 else SessionState.OPEN).value,
            )
            for rank, week in enumerate(starts, start=1)
        )


def _zipf(count: int) -> list[float]:
    """Return the cumulated weights of `count` ranks."""
    return list(accumulate(1 / rank**ZIPF for rank in range(1, count + 1)))


def _towns() -> tuple[list[Town], list[int]]:
    """Return the communes where trainings take place, and their cumulated populations."""
    rows = Commune.objects.filter(population__gte=MIN_POPULATION, districts=None).order_by("code")
    if not rows:
        raise LookupError("Aucune commune\u00a0: lancez d’abord load_communes.")
    names = ("code", "name", "postcode", "region", "department", "latitude", "longitude")
    towns = [Town(*(getattr(row, name) for name in names)) for row in rows]
    return towns, list(accumulate(c.population for c in rows))
