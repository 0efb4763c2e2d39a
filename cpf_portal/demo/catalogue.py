"""The demonstration catalogue: about 3,000 offers in all regions, the same on every run of a day.

Providers, offers, prices and places depend on SEED alone; the dates of the sessions also depend on
the day, so that loading again on another day moves them to the months to come.
"""

import dataclasses
from collections import defaultdict
from datetime import date
from random import Random

from django.db import transaction

from catalogue.models import (
    Certification,
    CertificationKind,
    Commune,
    Modality,
    Offer,
    Provider,
    Session,
)
from cpf_portal.demo.numbers import FICTITIOUS_SIREN
from cpf_portal.demo.providers import REGIONS, Centre, build_centres, draw_town
from cpf_portal.demo.sessions import build_sessions
from cpf_portal.demo.trainings import Training, trainings

SEED = "mon compte formation"
OFFERS = 3000
# A quarter of the offers is spread evenly, so that Guyane and Corse have enough to choose from.
EVEN_SHARE = 0.25
HOME_SHARE = 0.7
MIN_POPULATION = 5000
BATCH_SIZE = 500

MODALITIES = (Modality.ON_SITE, Modality.MIXED, Modality.REMOTE)
REMOTE_DISCOUNT = 0.9
REMOTE_WORDS = ("distance", "en ligne", "visioconférence")

HIGHLIGHTS = (
    "Petits groupes de huit personnes au plus.",
    "Un interlocuteur unique du premier au dernier jour.",
    "Devis et programme détaillé sur demande.",
    "Évaluation de départ gratuite.",
    "Locaux accessibles aux personnes à mobilité réduite.",
    "Horaires compatibles avec un emploi, en soirée ou le samedi.",
    "Documents remis et consultables pendant un an.",
    "Entretien d’accueil avant l’inscription, sans engagement.",
    "Réponse à votre demande en deux jours ouvrés.",
    "Adaptations possibles en cas de handicap, après entretien.",
)
REMOTE_HIGHLIGHTS = (
    "À votre rythme, avec un rendez-vous individuel chaque semaine.",
    "Classes virtuelles enregistrées et exercices corrigés.",
    "Assistance technique sept jours sur sept.",
)
STREETS = (
    "rue des Lilas", "avenue de la République", "rue du Moulin", "boulevard Victor-Hugo",
    "rue de l’Église", "place du Marché", "rue Jean-Jaurès", "allée des Tilleuls", "rue des Écoles",
    "avenue du Général-Leclerc", "rue Pasteur", "zone artisanale des Prés", "rue de la Gare",
    "chemin des Vignes", "rue Marie-Curie", "quai du Port", "rue de la Fontaine", "cours Gambetta",
)  # fmt: skip


@dataclasses.dataclass(slots=True)
class Catalogue:
    """Rows that are not saved yet, in an order where each names only rows before it."""

    certifications: list[Certification]
    providers: list[Provider]
    offers: list[Offer]
    sessions: list[Session]


def build(today: date) -> Catalogue:
    """Return the whole catalogue as of `today`; reads the communes, writes nothing.

    Raises LookupError when the communes are not loaded.
    """
    rng = Random(SEED)  # noqa: S311 repeatable on purpose
    towns = _towns()
    centres = build_centres(rng, towns)
    certifications = {t.code: _certification(t) for t in trainings()}
    drawn = _draw_offers(rng, centres, towns)
    offers = [_offer(rng, *draw, certifications) for draw in drawn]
    families = [training.family for training, *_rest in drawn]
    sessions = [
        session
        for offer, family in zip(offers, families, strict=True)
        for session in build_sessions(SEED, offer, family, today)
    ]
    providers = [centre.provider for centre in centres]
    return Catalogue(list(certifications.values()), providers, offers, sessions)


@transaction.atomic
def load(catalogue: Catalogue) -> None:
    """Write `catalogue`; what an earlier load wrote keeps its keys and is brought up to date."""
    # `kind` follows from the code: a title that was imported from the registers is not replaced.
    _upsert(Certification, catalogue.certifications, key="code", fields=["kind"])
    _upsert(Provider, catalogue.providers, key="siret")
    _upsert(Offer, catalogue.offers, key="public_id")
    kept = [provider.pk for provider in catalogue.providers]
    # what a dossier names stays: it was agreed
    demonstration_providers().filter(dossiers=None).exclude(pk__in=kept).delete()
    gone = demonstration_offers().filter(dossiers=None)
    gone.exclude(pk__in=[offer.pk for offer in catalogue.offers]).delete()
    demonstration_sessions().filter(dossiers=None).delete()
    Session.objects.bulk_create(catalogue.sessions, batch_size=BATCH_SIZE)


def demonstration_providers():
    return Provider.objects.filter(siret__startswith=FICTITIOUS_SIREN)


def demonstration_offers():
    return Offer.objects.filter(provider__in=demonstration_providers())


def demonstration_sessions():
    return Session.objects.filter(offer__in=demonstration_offers())


def is_loaded() -> bool:
    return demonstration_offers().exists()


def is_outdated(today: date) -> bool:
    """Tell whether most of the dated sessions began before `today`."""
    dated = demonstration_sessions().filter(is_permanent=False)
    return 2 * dated.filter(starts_on__lt=today).count() > dated.count()


def _upsert(model, rows, *, key: str, fields: list[str] | None = None) -> None:
    others = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name != key]
    model.objects.bulk_create(
        rows,
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=fields or others,
    )


def _towns() -> dict[str, list[Commune]]:
    """Return the communes of each region where a training may take place.

    A city with arrondissements gives place to them.
    """
    towns = defaultdict(list)
    candidates = Commune.objects.filter(
        region__in=REGIONS, population__gte=MIN_POPULATION, districts=None
    )
    for commune in candidates.order_by("code"):
        towns[commune.region].append(commune)
    if missing := [name for code, name in REGIONS.items() if code not in towns]:
        raise LookupError(f"Aucune commune en {missing[0]} : lancez d’abord load_communes.")
    return towns


def _draw_offers(
    rng, centres, towns
) -> list[tuple[Training, Centre, Modality, Commune | None, str]]:
    """Draw what each offer is about: kind, provider, modality, place and title; never twice the same."""
    by_place = defaultdict(list)
    for centre in centres:
        by_place[centre.region, centre.family].append(centre)
    weights = _region_weights(towns)
    drawn: dict[tuple, tuple] = {}
    while len(drawn) < OFFERS:
        training = rng.choices(trainings(), [t.frequency for t in trainings()])[0]
        region = rng.choices(list(REGIONS), weights)[0]
        centre = rng.choice(by_place[region, training.family])
        modality = rng.choices(MODALITIES, training.formats)[0]
        commune = None if modality == Modality.REMOTE else _place(rng, centre, towns[region])
        title = rng.choice([t for t in training.titles if suits(t, modality)])
        draw = (training, centre, modality, commune, title)
        place = commune and commune.code
        drawn.setdefault((centre.provider.siret, modality, place, draw[-1]), draw)
    return list(drawn.values())


def suits(title: str, modality: Modality) -> bool:
    """Tell whether `title` does not contradict the way the training is given."""
    if "théorie" in title:
        return modality == Modality.MIXED
    return modality == Modality.REMOTE or not any(word in title for word in REMOTE_WORDS)


def _region_weights(towns) -> list[float]:
    populations = [sum(town.population for town in towns[region]) for region in REGIONS]
    total, even = sum(populations), EVEN_SHARE / len(REGIONS)
    return [even + (1 - EVEN_SHARE) * population / total for population in populations]


def _place(rng: Random, centre: Centre, towns: list[Commune]) -> Commune:
    return centre.home if rng.random() < HOME_SHARE else draw_town(rng, towns)


def _certification(training: Training) -> Certification:
    kind = next(kind for kind in CertificationKind if training.code.startswith(kind))
    return Certification(
        code=training.code,
        kind=kind,
        title=training.certification,
        level=training.level,
        jobs=training.jobs,
    )


def _offer(rng, training, centre, modality, commune, title, certifications) -> Offer:
    hours, price_cents = duration_and_price(rng, training, modality)
    is_remote = modality == Modality.REMOTE
    centre.offers += 1
    return Offer(
        public_id=f"{centre.provider.siret}_{centre.offers:03d}",
        provider=centre.provider,
        certification=certifications[training.code],
        title=title,
        highlights=rng.choice(REMOTE_HIGHLIGHTS if is_remote else HIGHLIGHTS),
        objectives=training.objectives,
        content=training.content,
        results=training.results,
        access_conditions=training.access,
        skills=training.skills,
        modality=modality,
        commune=commune,
        address="" if is_remote else f"{rng.randint(1, 180)} {rng.choice(STREETS)}",
        price_cents=price_cents,
        hours=hours,
    )


def duration_and_price(rng: Random, training: Training, modality: Modality) -> tuple[int, int]:
    """Draw hours and cents: a longer training is dearer, two of the same length may differ."""
    (shortest, longest), (lowest, highest) = training.hours, training.price
    length = rng.random()
    step = 1 if longest <= 30 else 7 if longest <= 150 else 35
    hours = round((shortest + length * (longest - shortest)) / step) * step
    euros = lowest + (0.7 * length + 0.3 * rng.random()) * (highest - lowest)
    if modality == Modality.REMOTE:
        euros *= REMOTE_DISCOUNT
    return max(shortest, min(longest, hours)), 100 * 5 * round(euros / 5)
