from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from catalogue.models import Commune, Offer, Session
from catalogue.search import generations
from cpf_portal.demo import catalogue, people
from cpf_portal.demo.providers import REGIONS
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

FIRST_DAY = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Paris"))
FEW = 300
A_YEAR_LATER = datetime(2027, 11, 22, 12, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def few(db, monkeypatch):
    """One commune a region and a tenth of the offers: all of them are loaded by the first test alone."""
    monkeypatch.setattr(catalogue, "OFFERS", FEW)
    for region, name in REGIONS.items():
        CommuneFactory(code=f"00{region:0>3}", name=name, region=region)


def load_demo(capsys, *options):
    call_command("load_demo", *options)
    return capsys.readouterr().out


@pytest.mark.slow  # the whole catalogue of the country, twice
def test_load_demo_loads_all_once_says_what_and_forced_puts_passwords_back(capsys):
    first = load_demo(capsys)
    generation = generations.current()
    second = load_demo(capsys)
    user = User.objects.get(identifier="sasha@example.org")
    user.set_password("Autre-Chose-99")
    user.save()

    for step in ("Communes", "Catalogue", "Personnes", "Dossiers", "Index de recherche"):
        assert f"{step}\u00a0:" in first
    assert second == ""
    assert generations.current() == generation
    assert (Offer.objects.count(), User.objects.count()) == (3000, len(people.PEOPLE))
    assert Commune.objects.count() > 34_000

    load_demo(capsys, "--force")

    user.refresh_from_db()
    assert user.check_password(people.SASHA.password)
    assert Offer.objects.count() == 3000


def test_load_demo_rebuilds_a_missing_index(few, capsys, var_dir):
    load_demo(capsys)
    (var_dir / "index" / "current").unlink()

    load_demo(capsys)

    assert generations.current().is_dir()


def test_load_demo_moves_sessions_once_most_are_past(few, capsys):
    with time_machine.travel(FIRST_DAY, tick=False):
        load_demo(capsys)
        said_at_once = load_demo(capsys)
    with time_machine.travel(A_YEAR_LATER, tick=False):
        said = load_demo(capsys)
        today = timezone.localdate()

    assert said_at_once == ""
    assert "Catalogue" in said
    assert "Personnes" not in said
    assert Session.objects.upcoming(today).count() > 400


def test_load_demo_is_refused_in_production(settings, few, capsys):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="--without-people"):
        load_demo(capsys)

    assert not User.objects.exists()
    assert not Offer.objects.exists()


def test_load_demo_without_people_is_accepted_in_production(settings, few, capsys):
    settings.DEMONSTRATION = False

    load_demo(capsys, "--without-people")

    assert Offer.objects.count() == FEW
    assert not User.objects.exists()
