"""The dossiers of the demonstration: several states, and sessions that a new start does not take away."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import OutgoingMail
from catalogue.models import Session
from cpf_portal.demo import catalogue, dossiers, people
from cpf_portal.demo.providers import REGIONS
from rights import audit
from rights.dossiers.states import State
from rights.models import Dossier, RightsAccount
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db
OFFERS = 1000
NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Paris"))
A_YEAR_LATER = datetime(2027, 11, 22, 12, tzinfo=ZoneInfo("Europe/Paris"))


def load_catalogue(now: datetime) -> None:
    """Write a third of the catalogue of that day: enough, and quicker."""
    built = catalogue.build(now.date())
    built.offers = built.offers[:OFFERS]
    kept = {offer.public_id for offer in built.offers}
    built.sessions = [s for s in built.sessions if s.offer.public_id in kept]
    catalogue.load(built)


def test_dossiers_have_several_states_and_outlive_new_sessions():
    for region, name in REGIONS.items():
        CommuneFactory(code=f"00{region:0>3}", name=name, region=region)
    with time_machine.travel(NOW, tick=False):
        load_catalogue(NOW)
        camille = people.create(people.CAMILLE)
        alix = people.create(people.ALIX)
        assert dossiers.load(NOW) == 6

    states = Counter(Dossier.objects.values_list("user__email", "state"))
    assert states == {
        (camille.email, State.DRAFT): 1,
        (camille.email, State.REFUSED): 1,
        (camille.email, State.REQUEST_CANCELLED): 1,
        (alix.email, State.PROPOSED): 1,
        (alix.email, State.VALIDATED): 1,
        (alix.email, State.SETTLED): 1,
    }
    assert RightsAccount.objects.get(titulaire=camille.titulaire).available_cents == 1105_00
    assert list(audit.find_faults()) == []
    assert not OutgoingMail.objects.exists()
    assert dossiers.are_loaded()

    load_catalogue(A_YEAR_LATER)

    assert not Dossier.objects.filter(session=None).exists()
    assert Session.objects.filter(starts_on__gt=A_YEAR_LATER.date()).exists()
