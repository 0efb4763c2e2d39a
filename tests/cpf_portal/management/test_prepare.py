import os
import time

import pytest
from django.core.management import call_command

from accounts.models import Titulaire
from cpf_portal.demo import people
from cpf_portal.demo.numbers import spaced
from cpf_portal.management.commands.prepare import static_signature, welcome
from rights.dossiers.states import State
from tests.factories import CommuneFactory, OfferFactory, UserFactory
from tests.rights.dossiers.steps import bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def static_root(settings, var_dir):
    settings.STATIC_ROOT = var_dir / "static"
    return settings.STATIC_ROOT


@pytest.fixture(autouse=True)
def loaded(db):
    """A demonstration that is there already, as on a second start: one town, one offer, the people."""
    OfferFactory(provider__siret="00010000000015", commune=CommuneFactory())
    people.load()


def prepare(capsys):
    call_command("prepare")
    return capsys.readouterr().out


def said_at(host="127.0.0.1", port=8000):
    return welcome(host, port).replace("\u00a0", " ")


def test_welcome_names_everything_a_visitor_needs():
    said = said_at(port=8765)

    assert "http://127.0.0.1:8765/ " in said
    assert "http://127.0.0.1:8765/demo/courriels/" in said
    assert "http://127.0.0.1:8765/admin/" in said
    for person in people.TITULAIRES:
        nir = person.entry.nir
        assert f"{spaced(nir)}  clé {nir.key}  mot de passe {person.password}" in said
    assert "manage.py make_provider_key SIRET" in said  # nobody has asked for anything yet
    assert people.SASHA.email in said
    assert people.SASHA.password in said
    newcomer = people.REGISTER[0]
    assert f"{newcomer.birth_name}  numéro {spaced(newcomer.nir)}  clé {newcomer.nir.key}" in said


def test_welcome_names_a_provider_whose_software_has_something_to_read():
    dossier = bring_to(State.REQUESTED)

    assert f"make_provider_key {dossier.provider.siret}\n" in said_at()


def test_prepare_collects_static_files_only_when_they_change(
    capsys, settings, static_root, tmp_path
):
    folder = tmp_path / "feuilles"
    folder.mkdir()
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (folder / "portal.css").write_text("a{}")

    first, second = prepare(capsys), prepare(capsys)
    (folder / "portal.css").write_text("a{color:red}")
    later = time.time() + 10
    os.utime(folder / "portal.css", (later, later))
    third = prepare(capsys)

    assert ["Fichiers statiques" in said for said in (first, second, third)] == [True, False, True]
    assert (static_root / "portal.css").read_text() == "a{color:red}"


def test_prepare_collects_again_when_the_collected_files_are_gone(capsys, static_root):
    prepare(capsys)
    static_root.rename(static_root.with_name("ailleurs"))

    assert "Fichiers statiques" in prepare(capsys)


def test_prepare_leaves_the_welcome_to_the_server(capsys):
    assert "prêt" not in prepare(capsys)


def test_static_signature_does_not_change_by_itself():
    assert static_signature() == static_signature()


def test_welcome_names_a_register_entry_that_is_still_free():
    used, free = people.REGISTER[0], people.REGISTER[1]
    UserFactory(titulaire=Titulaire.objects.with_nir(used.nir).get())

    said = said_at()

    assert spaced(used.nir) not in said
    assert spaced(free.nir) in said


def test_welcome_says_so_when_no_register_entry_is_free():
    for entry in people.REGISTER:
        UserFactory(titulaire=Titulaire.objects.with_nir(entry.nir).get())

    assert "la page /demo/ tire d’autres numéros" in said_at()


@pytest.mark.parametrize(
    ("host", "shown"),
    [("0.0.0.0", "127.0.0.1"), ("portail.test", "portail.test")],  # noqa: S104 only shown
)
def test_welcome_shows_an_address_that_opens(host, shown):
    assert f"http://{shown}:8000/ " in said_at(host)
