from datetime import date
from io import BytesIO

import pytest
from django.db import connection

from accounts.models import Titulaire
from accounts.nir import Nir
from rights.imports import import_rights, register
from rights.models import Movement, RightsAccount
from tests.factories import TitulaireFactory, UserFactory, make_nir
from tests.parallel import in_parallel
from tests.rights.ledger import give

TODAY = date(2026, 11, 22)
HEADER = "nir;nom_naissance;annee;nature;montant;origine"


def row(nir: Nir, *, name="DURAND", year=2020, kind="alimentation", amount="500,00", source="DSN"):
    return f"{nir.value}{nir.key};{name};{year};{kind};{amount};{source}"


def run(*rows: str):
    return import_rights(BytesIO("\n".join((HEADER, *rows)).encode()), today=TODAY)


def counts(report):
    return (
        report.lines,
        report.movements_created,
        report.already_known,
        report.persons_created,
        report.bad_count,
    )


def held_by(nir: Nir) -> RightsAccount:
    return RightsAccount.objects.held_by(Titulaire.objects.with_nir(nir).get())


@pytest.mark.django_db
def test_register_creates_the_person_before_she_signs_up():
    nir = make_nir()

    report = run(row(nir, name="Ferré"))

    titulaire = Titulaire.objects.with_nir(nir).get()
    assert counts(report) == (1, 1, 0, 1, 0)
    assert titulaire.nir == nir
    assert titulaire.birth_name == "Ferré"
    assert titulaire.is_named("FERRE")
    assert titulaire.birth_month == nir.birth_month
    assert held_by(nir).available_cents == 500_00


@pytest.mark.django_db
def test_register_feeds_the_person_who_has_signed_up():
    user = UserFactory(titulaire__birth_name="Le Goff-N’Diaye")

    report = run(row(user.titulaire.nir, name="LEGOFF NDIAYE"))

    assert counts(report) == (1, 1, 0, 0, 0)
    assert RightsAccount.objects.get().titulaire == user.titulaire
    assert Titulaire.objects.get().birth_name == "Le Goff-N’Diaye"


@pytest.mark.django_db
def test_register_adds_to_the_rights_already_held():
    titulaire = TitulaireFactory(birth_name="DURAND")
    give(titulaire, 100_00)

    run(row(titulaire.nir))

    assert held_by(titulaire.nir).available_cents == 600_00


@pytest.mark.django_db
def test_movement_tells_what_the_line_said():
    nir = make_nir()

    run(row(nir, year=2014, kind="dif", amount="360,00", source="Attestation de l’employeur"))

    movement = Movement.objects.get()
    assert (movement.kind, movement.pocket, movement.amount_cents) == ("dif", "dif", 360_00)
    assert (movement.year, movement.source) == (2014, "Attestation de l’employeur")
    assert movement.legal_basis == "Ordonnance n° 2019-861 du 21 août 2019, art. 8"
    assert movement.effective_on == TODAY
    assert movement.author is None


@pytest.mark.django_db
def test_each_kind_goes_to_its_pocket():
    nir = make_nir()

    report = run(
        row(nir, kind="alimentation", amount="1,00"),
        row(nir, kind="conversion", amount="2,00"),
        row(nir, kind="dif", amount="4,00"),
        row(nir, kind="abondement", amount="8,00"),
    )

    account = held_by(nir)
    assert counts(report) == (4, 4, 0, 1, 0)
    assert (account.cpf_cents, account.dif_cents, account.abondement_cents) == (3_00, 4_00, 8_00)
    assert not RightsAccount.objects.inconsistent().exists()


@pytest.mark.django_db
def test_file_imported_twice_counts_once():
    rows = [row(make_nir(), amount=f"{n},00") for n in range(1, 6)]

    run(*rows)
    again = run(*reversed(rows))

    assert counts(again) == (5, 0, 5, 0, 0)
    assert Movement.objects.count() == 5
    assert sum(account.available_cents for account in RightsAccount.objects.all()) == 15_00


@pytest.mark.django_db
def test_line_repeated_in_one_file_counts_once():
    nir = make_nir()

    report = run(row(nir), row(nir, source="  dsn "), row(nir, year=2021))

    assert counts(report) == (3, 2, 1, 1, 0)
    assert held_by(nir).available_cents == 1000_00


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 900])
def test_line_that_contradicts_a_known_one_refuses_the_file(monkeypatch, batch):
    monkeypatch.setattr(register, "BATCH_LINES", batch)
    known, other = make_nir(), make_nir()
    run(row(known))

    report = run(row(other), row(known, amount="500,01"), row(other, amount="1,00"))

    assert [(bad.number, bad.reason) for bad in report.bad_lines] == [
        (3, "elle est déjà importée avec un autre montant"),
        (4, "elle est déjà importée avec un autre montant"),
    ]
    assert Movement.objects.count() == 1
    assert Titulaire.objects.count() == 1


@pytest.mark.django_db
def test_name_that_is_not_the_persons_refuses_the_file():
    titulaire, newcomer = TitulaireFactory(birth_name="Ferré"), make_nir()

    report = run(
        row(titulaire.nir, name="FERRE"),
        row(titulaire.nir, name="MARTIN", year=2021),
        row(newcomer, name="BERNARD"),
        row(newcomer, name="PETIT", year=2021),
    )

    assert [(bad.number, bad.reason) for bad in report.bad_lines] == [
        (3, "le nom n’est pas celui du registre pour ce numéro"),
        (5, "le nom n’est pas celui du registre pour ce numéro"),
    ]
    assert not Movement.objects.exists()
    assert Titulaire.objects.get() == titulaire


@pytest.mark.django_db
def test_one_bad_line_keeps_the_whole_file_out(monkeypatch):
    monkeypatch.setattr(register, "BATCH_LINES", 2)
    rows = [row(make_nir()) for _ in range(7)]

    report = run(*rows[:5], "x", *rows[5:])

    assert (report.lines, report.bad_count) == (8, 1)
    assert [bad.number for bad in report.bad_lines] == [7]
    assert not Titulaire.objects.exists()
    assert not RightsAccount.objects.exists()
    assert not Movement.objects.exists()
    assert counts(run(*rows)) == (7, 7, 0, 7, 0)


@pytest.mark.django_db
def test_report_keeps_the_first_bad_lines_and_counts_all():
    report = run(*["x"] * 250)

    assert report.bad_count == 250
    assert [bad.number for bad in report.bad_lines] == list(range(2, 102))


@pytest.mark.django_db
def test_bad_lines_come_in_their_order_whatever_their_fault():
    titulaire = TitulaireFactory(birth_name="Ferré")

    report = run(row(titulaire.nir, name="MARTIN"), "x", row(titulaire.nir, name="PETIT"))

    assert [bad.number for bad in report.bad_lines] == [2, 3, 4]


@pytest.mark.django_db
def test_key_holds_neither_the_number_nor_anything_to_find_it():
    nir = make_nir()

    run(row(nir))

    key = Movement.objects.get().idempotency_key
    assert key.startswith("import:")
    assert nir.value not in key
    assert Titulaire.objects.get().nir_index not in key


@pytest.mark.django_db
def test_a_batch_costs_the_same_statements_whatever_its_size(django_assert_max_num_queries):
    rows = [row(make_nir(), amount=f"{n},37") for n in range(1, 201)]

    with django_assert_max_num_queries(25):
        run(*rows)

    assert Movement.objects.count() == 200


@pytest.mark.django_db
def test_progress_is_told_after_each_batch(monkeypatch):
    monkeypatch.setattr(register, "BATCH_LINES", 2)
    seen = []
    file = BytesIO("\n".join((HEADER, *(row(make_nir()) for _ in range(5)))).encode())

    import_rights(file, today=TODAY, on_progress=lambda report: seen.append(report.lines))

    assert seen == [2, 4, 5]


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_imports_at_once_of_the_same_people_count_once():
    rows = [row(make_nir(), amount=f"{n},00") for n in range(1, 41)]

    reports = in_parallel(lambda order: run(*rows[::order]), [1, -1, 1, -1])

    assert sorted(counts(report) for report in reports) == [(40, 0, 40, 0, 0)] * 3 + [
        (40, 40, 0, 40, 0)
    ]
    assert not RightsAccount.objects.inconsistent().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_import_beside_credits_loses_nothing():
    titulaires = TitulaireFactory.create_batch(10, birth_name="DURAND")
    rows = [row(titulaire.nir) for titulaire in titulaires]

    def work(titulaire):
        return run(*rows) if titulaire is None else give(titulaire, 1_00)

    results = in_parallel(work, [*titulaires, None, *titulaires])

    assert not [result for result in results if isinstance(result, Exception)]
    assert {account.available_cents for account in RightsAccount.objects.all()} == {502_00}
    assert not RightsAccount.objects.inconsistent().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_import_beside_the_sign_up_of_the_same_person_makes_one():
    nirs = [make_nir() for _ in range(8)]
    rows = [row(nir) for nir in nirs]

    def work(nir):
        if nir is None:
            return run(*rows)
        return Titulaire.objects.get_or_create(
            nir_index=(candidate := TitulaireFactory.build(nir=nir, birth_name="Durand")).nir_index,
            defaults={
                "birth_name": candidate.birth_name,
                "encrypted_nir": nir.value,
                "sex": nir.sex,
            },
        )

    results = in_parallel(work, [*nirs, None])

    assert not [result for result in results if isinstance(result, Exception)]
    assert Titulaire.objects.count() == 8
    assert RightsAccount.objects.count() == 8


@pytest.mark.django_db
def test_the_number_is_in_clear_in_no_table():
    nir = make_nir()

    run(row(nir))

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert nir.value not in str(cursor.fetchall())
