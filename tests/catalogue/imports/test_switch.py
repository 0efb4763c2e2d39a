"""One file is one switch: all of it, or nothing; only real changes are written."""

from random import Random

import pytest
from django.db import connection

from catalogue.changes import OfferChange
from catalogue.imports import switch
from catalogue.models import ImportState, Offer, Provider, Session
from tests.catalogue.imports.files import ADDRESS, SESSION, action, catalogue, formation, many
from tests.factories import OfferFactory

pytestmark = pytest.mark.django_db

OTHER_SIRET = "00000000000026"


def rows():
    return list(Offer.objects.order_by("pk").values()), list(
        Session.objects.order_by("pk").values()
    )


def changed_offers():
    found = set(OfferChange.objects.values_list("offer_id", flat=True))
    OfferChange.objects.all().delete()
    return found


def numbers():
    return sorted(Offer.objects.published().values_list("number", flat=True))


@pytest.mark.parametrize("kind", ["xml", "csv"])
def test_a_file_cut_anywhere_changes_nothing(kind, towns, take):
    header = "siret;numero_formation;intitule_formation;code_departement;frais_ttc_tot_min\n"
    table = [f"00000000000018;N{n};Anglais {n};31;{100 + n}" for n in range(40)]
    whole = catalogue(*many(40)) if kind == "xml" else (header + "\n".join(table) + "\n").encode()
    take(whole)
    before = rows()
    changed_offers()
    newer = whole.replace(b"Anglais", b"Espagnol")
    # A table cut at the very end of a line is a shorter table: it is the confirmation that stops it.
    places = [at for at in range(1, len(newer.rstrip())) if newer[at - 1 : at] != b"\n"]

    for at in Random(3).sample(places, 100):
        assert take(newer[:at]).state == ImportState.REFUSED, newer[:at][-40:]

    assert rows() == before
    assert not changed_offers()
    assert take(newer).changed_count == 40


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics")
def test_only_many_changes_tell_the_planner_how_many_rows_there_are(towns, take, monkeypatch):
    def known():
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'catalogue_offer'")
            return cursor.fetchone()[0]

    before = known()
    take(catalogue(*many(5)))
    assert known() == before
    monkeypatch.setattr(switch, "MANY_CHANGES", 6)

    take(catalogue(*many(11)))

    assert known() == 11


def test_the_same_file_twice_changes_nothing_and_tells_nobody(towns, take):
    take(catalogue(*many(5)))
    before = rows()
    changed_offers()

    report = take(catalogue(*many(5)))

    assert (report.unchanged_count, report.added_count, report.changed_count) == (5, 0, 0)
    assert rows() == before
    assert not changed_offers()


def test_only_the_offer_that_changed_is_written(towns, take):
    take(catalogue(*many(5)))
    before = {offer.number: offer for offer in Offer.objects.all()}
    changed_offers()

    report = take(catalogue(*many(4), formation(action("A4", price="99.00"), number="F4")))

    after = Offer.objects.get(number="A4")
    assert (report.changed_count, report.unchanged_count) == (1, 4)
    assert (after.pk, after.price_cents) == (before["A4"].pk, 9900)
    assert Offer.objects.get(number="A1").updated_at == before["A1"].updated_at
    assert changed_offers() == {after.pk}


def test_a_session_keeps_its_key_as_long_as_its_number(towns, take):
    take(catalogue(formation(action(sessions=SESSION + SESSION.replace("S1", "S2")))))
    kept = Session.objects.get(number="S2")
    moved = SESSION.replace("S1", "S2").replace("20270111", "20270112")

    take(catalogue(formation(action(sessions=moved + SESSION.replace("S1", "S3")))))

    assert {(s.number, s.starts_on.day) for s in Session.objects.all()} == {("S2", 12), ("S3", 11)}
    assert Session.objects.get(number="S2").pk == kept.pk


def test_an_offer_gone_from_the_file_leaves_the_catalogue_and_comes_back(towns, take):
    take(catalogue(*many(10)))
    gone = Offer.objects.get(number="A9")
    changed_offers()

    report = take(catalogue(*many(9)))

    assert report.removed_count == 1
    assert "A9" not in numbers()
    assert changed_offers() == {gone.pk}
    assert take(catalogue(*many(10))).changed_count == 1
    assert Offer.objects.published().get(number="A9").pk == gone.pk


def test_more_than_a_fifth_removed_asks_for_a_confirmation(towns, take):
    take(catalogue(*many(10)))

    report = take(catalogue(*many(7)))

    assert report.state == ImportState.REFUSED
    assert "3 des 10 offres" in report.reason
    assert "--confirm" in report.reason
    assert len(numbers()) == 10
    assert take(catalogue(*many(7)), is_confirmed=True).removed_count == 3
    assert len(numbers()) == 7


def test_a_fifth_removed_needs_no_confirmation(towns, take):
    take(catalogue(*many(10)))

    assert take(catalogue(*many(8))).removed_count == 2


def test_a_file_only_speaks_for_its_providers(towns, take):
    take(catalogue(formation(action("A1"), siret=OTHER_SIRET)))

    take(catalogue(*many(3)))

    assert len(numbers()) == 4


def test_a_file_only_speaks_for_its_source(towns, take, reasons):
    take(catalogue(*many(3)), source="region")
    typed = OfferFactory(public_id="00000000000018_T1", provider=Provider.objects.get())

    report = take(catalogue(formation(action("A1")), formation(action("B1"))), source="autre")

    assert (report.added_count, report.removed_count) == (1, 0)
    assert reasons(report) == [
        (4 - 1, "A1", "refused", "", "une autre source publie déjà cette offre")
    ]
    assert typed.public_id in Offer.objects.published().values_list("public_id", flat=True)


def test_the_open_catalogue_speaks_for_its_whole_source(take):
    header = "siret;numero_formation;intitule_formation;code_departement;frais_ttc_tot_min\n"
    lines = [f"{siret};N{n};Anglais;31;100" for n in range(6) for siret in (OTHER_SIRET,)]
    take((header + "\n".join([*lines, "00000000000018;Z;Anglais;31;100"]) + "\n").encode())

    report = take((header + "\n".join(lines) + "\n").encode())

    assert report.removed_count == 1


def test_a_trial_changes_nothing_and_tells_what_would(towns, take):
    take(catalogue(*many(3)))
    before = rows()
    changed_offers()

    report = take(catalogue(*many(4)), is_dry_run=True)

    assert (report.state, report.added_count, report.unchanged_count) == (ImportState.TRIED, 1, 3)
    assert rows() == before
    assert not changed_offers()


def test_a_number_used_twice_is_refused_once(towns, take, reasons):
    report = take(
        catalogue(formation(action("A1"), action("A1", place=ADDRESS.replace("1 rue", "2 rue"))))
    )

    assert report.added_count == 1
    (line, number, level, _code, reason) = reasons(report)[0]
    assert (line, number, level) == (3, "A1", "refused")
    assert "déjà dans le fichier" in reason


def test_a_provider_keeps_what_the_file_does_not_say(towns, take):
    take(catalogue())
    Provider.objects.update(email="accueil@example.org", is_suspended=True)
    changed_offers()

    take(catalogue().replace(b"Langues et Cie", b"Langues SA"))

    provider = Provider.objects.get()
    assert (provider.name, provider.email) == ("Langues SA", "accueil@example.org")
    assert provider.is_suspended
    assert changed_offers() == {Offer.objects.get().pk}


def test_nothing_is_left_beside_the_catalogue(towns, take):
    take(catalogue())
    take(catalogue()[:-40])

    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor, include_views=False)
    assert not [name for name in names if name.startswith("import_")]
