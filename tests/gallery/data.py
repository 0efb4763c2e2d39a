"""Add to the demonstration what is hard to lay out: python -m tests.gallery.data

A very long name, an amount of twelve digits, an offer that says everything at length and one that says
almost nothing. Runs in an environment of development, on data of the gallery alone.
"""

from dataclasses import replace
from datetime import date

import django

django.setup()

from django.core.management import call_command  # noqa: E402 the models need django.setup()
from django.db import transaction  # noqa: E402

from accounts.nir import Nir  # noqa: E402
from catalogue.models import Commune, Offer  # noqa: E402
from catalogue.models.offers import MAX_PRICE_CENTS  # noqa: E402
from cpf_portal.demo import people  # noqa: E402
from rights.models import MovementKind, Pocket, RightsAccount  # noqa: E402
from tests.factories import OfferFactory, ProviderFactory, SessionFactory  # noqa: E402

LONG_NAME = "DE LA ROCHEFOUCAULD-MONTBEL D’ESTISSAC DE MONTMORENCY-LUXEMBOURG"
LONG_WORD = "Electroencephalographiquement-hyperspecialisee"
FULL_OFFER, BARE_OFFER = "00000000000018_LONG", "00000000000018_BREF"
TWELVE_DIGITS = 999_999_999_999  # cents
HUGE = people.Grant(
    kind=MovementKind.YEARLY_CREDIT,
    pocket=Pocket.CPF,
    amount_cents=1_000_000_00,
    year=2021,
    effective_on=date(2022, 4, 15),
    source="Déclarations sociales de l’employeur",
    legal_basis="Code du travail, art. R6323-1, I",
)
LONG = replace(
    people.CAMILLE,
    slug="long",
    email="prenom.compose-particulierement-long.nom-de-famille-interminable@sous-domaine.example.org",
    password="Ruisseau-Cabane-42",
    entry=people.RegisterEntry(LONG_NAME, Nir.parse("2690299999021"), (HUGE,)),
)


def add() -> None:
    holder = people.create(LONG).titulaire
    # Only the balance that pages show: a movement of the ledger is a million euros at most.
    RightsAccount.objects.filter(titulaire=holder).update(cpf_cents=TWELVE_DIGITS)
    if not Offer.objects.filter(public_id=BARE_OFFER).exists():
        add_offers()
        call_command("rebuild_index", verbosity=0)


@transaction.atomic
def add_offers() -> None:
    provider = ProviderFactory(
        siret="00000000000018",
        name="Établissement public local d’enseignement et de formation professionnelle agricoles "
        "du Pays de la Haute-Chaume",
    )
    place = Commune.objects.order_by("-name").first()
    full = OfferFactory(
        provider=provider,
        public_id=FULL_OFFER,
        title=f"Accompagnement long {LONG_WORD} à la reconversion professionnelle, parcours complet "
        "et personnalisé avec mise en situation dans plusieurs entreprises partenaires",
        commune=place,
        price_cents=MAX_PRICE_CENTS,
        hours=9999,
        content=f"{LONG_WORD} {LONG_WORD}\n\n- un\n- deux",
    )
    SessionFactory(offer=full)
    OfferFactory(
        provider=ProviderFactory(siret="00000000000026", name="A", phone="", email=""),
        public_id=BARE_OFFER,
        certification=None,
        title="Accompagnement long",
        commune=place,
        price_cents=0,
        hours=None,
    )


if __name__ == "__main__":
    add()
