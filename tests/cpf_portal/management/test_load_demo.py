from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from catalogue.models import Commune, Offer, Session
from catalogue.search import generations
from cpf_portal.demo import people
from cpf_portal.demo.providers import REGIONS
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

FIRST_DAY = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Paris"))
A_YEAR_LATER = datetime(2027, 11, 22, 12, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def towns(db):
    """One commune a region, enough for a catalogue: all of them take two seconds to load."""
    for region, name in REGIONS.items():
        CommuneFactory(code=f"00{region:0>3}", name=name, region=region)


def load_demo(capsys, *options):
    call_command("load_demo", *options)
    return capsys.readouterr().out


@pytest.mark.slow
def test_load_demo_loads_all_once_and_says_what(capsys):
    first = load_demo(capsys)
    generation = generations.current()
    second = load_demo(capsys)

    for step in ("Communes", "Catalogue", "Personnes", "Dossiers", "Index de recherche"):
        assert f"{step}\u00a0:" in first
    assert second == ""
    assert generations.current() == generation
    assert (Offer.objects.count(), User.objects.count()) == (3000, len(people.PEOPLE))
    assert Commune.objects.count() > 34_000


def test_load_demo_rebuilds_a_missing_index(towns, capsys, var_dir):
    load_demo(capsys)
    (var_dir / "index" / "current").unlink()

    load_demo(capsys)

    assert generations.current().is_dir()


def test_load_demo_without_people_creates_no_account(towns, capsys):
    load_demo(capsys, "--without-people")

    assert Offer.objects.count() == 3000
    assert not User.objects.exists()


@pytest.mark.slow
def test_load_demo_with_force_puts_passwords_back(capsys):
    load_demo(capsys)
    user = User.objects.get(identifier="sasha@example.org")
    user.set_password("Autre-Chose-99")
    user.save()

    load_demo(capsys, "--force")

    user.refresh_from_db()
    assert user.check_password(people.SASHA.password)
    assert Offer.objects.count() == 3000


def test_load_demo_moves_sessions_once_most_are_past(towns, capsys):
    with time_machine.travel(FIRST_DAY, tick=False):
        load_demo(capsys)
    with time_machine.travel(A_YEAR_LATER, tick=False):
        said = load_demo(capsys)
        today = timezone.localdate()

    assert "Catalogue" in said
    assert "Personnes" not in said
    assert Session.objects.upcoming(today).count() > 4000


def test_load_demo_is_refused_in_production(settings, towns, capsys):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="--without-people"):
        load_demo(capsys)

    assert not User.objects.exists()
    assert not Offer.objects.exists()


def test_load_demo_without_people_is_accepted_in_production(settings, towns, capsys):
    settings.DEMONSTRATION = False

    load_demo(capsys, "--without-people")

    assert Offer.objects.count() == 3000
    assert not User.objects.exists()
