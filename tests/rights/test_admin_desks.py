"""What the staff does with rights: proofs, top-ups, two-person corrections, figures, codes."""

from contextlib import suppress
from datetime import UTC, date, datetime
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.roles import Role
from rights.models import (
    Abondement,
    Attestation,
    CorrectionProposal,
    Movement,
    Parameter,
    ParameterName,
    RegisterImport,
    RightsAccount,
    YearlyRun,
)
from rights.services import grant_abondement, issue_attestation
from tests.desk import open_file
from tests.factories import CertificationFactory, StaffFactory, TitulaireFactory
from tests.rights.dif import declare
from tests.rights.ledger import give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_files")]


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


def without_rights(client) -> None:
    client.force_login(StaffFactory())


def address(model: str, name: str, pk: int | None = None) -> str:
    return reverse(f"admin:rights_{model}_{name}", args=[pk] if pk else [])


# --- Abondements ------------------------------------------------------------------------------


def top_up(desk, account, **changes):
    fields = {
        "financer": "employer",
        "financer_name": "Imprimerie du Pont",
        "amount_cents": "600,00",
        "expires_on": "31/12/2099",
        "certifications": "",
        "is_used_before_cpf": "on",
        "conditions": "",
        "legal_basis": "Code du travail, art. L6323-4, II",
        "idempotency_key": str(uuid4()),
    }
    open_file(desk, account.titulaire.user)
    return desk.post(address("rightsaccount", "top_up", account.pk), fields | changes)


@pytest.fixture
def account(camille):
    return RightsAccount.objects.get(titulaire=camille.titulaire)


def test_top_up_is_entered_with_its_conditions(desk, account, sasha):
    certification = CertificationFactory(code="RNCP35584")

    response = top_up(desk, account, certifications="rncp35584", conditions="Sur accord")

    abondement = Abondement.objects.get()
    account.refresh_from_db()
    assert response.status_code == 302
    assert account.abondement_cents == 600_00
    assert list(abondement.certifications.all()) == [certification]
    assert (abondement.conditions, abondement.author) == ("Sur accord", sasha)


def test_top_up_posted_twice_counts_once(desk, account):
    key = str(uuid4())

    for _ in range(2):
        top_up(desk, account, idempotency_key=key)

    account.refresh_from_db()
    assert account.abondement_cents == 600_00


def test_civic_account_stops_at_its_own_cap(desk, account):
    assert top_up(desk, account, financer="civic").status_code == 302

    beyond = top_up(desk, account, financer="civic", amount_cents="120,01")

    assert beyond.status_code == 422
    assert "s’arrête à 720,00" in beyond.content.decode()
    assert top_up(desk, account, financer="civic", amount_cents="120").status_code == 302


def test_pension_closes_the_account_and_an_error_reopens_it(desk, account):
    page = address("rightsaccount", "close", account.pk)
    open_file(desk, account.titulaire.user)

    assert desk.post(page, {"reason": "retirement", "closed_on": ""}).status_code == 422
    assert desk.post(page, {"reason": "death", "closed_on": "31/12/2999"}).status_code == 422
    assert desk.post(page, {"reason": "retirement", "closed_on": "01/10/2021"}).status_code == 302
    account.refresh_from_db()
    assert (account.closing_reason, account.closed_on) == ("retirement", date(2021, 10, 1))
    assert desk.post(page, {"reason": "reopen"}).status_code == 302
    account.refresh_from_db()
    assert (account.closing_reason, account.closed_on) == ("", None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount_cents": "-1"}, "dépasse 0"),
        ({"amount_cents": "0"}, "dépasse 0"),
        ({"amount_cents": "1000000,01"}, "un million d’euros au plus"),
        ({"amount_cents": "NaN"}, "par exemple 500,00"),
        ({"amount_cents": "1 e3"}, "par exemple 500,00"),
        ({"financer_name": ""}, "Nommez le financeur"),
        ({"certifications": "RNCP0 <b>"}, "Codes inconnus du catalogue"),
        ({"expires_on": "31/12/1999"}, "La date de fin vient après"),
        ({"expires_on": "demain"}, "date valide"),
        ({"idempotency_key": "x"}, "rouvrez la page"),
    ],
)
def test_wrong_top_up_changes_nothing_and_says_why(desk, account, changes, sentence):
    response = top_up(desk, account, **changes)

    account.refresh_from_db()
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert account.abondement_cents == 0


def test_top_up_needs_the_permission(client, account):
    without_rights(client)

    assert top_up(client, account).status_code == 403
    assert not Abondement.objects.exists()


# --- Corrections by two people ----------------------------------------------------------------


def propose(desk, account, amount="1500,00"):
    open_file(desk, account.titulaire.user)
    return desk.post(
        address("rightsaccount", "correct", account.pk),
        {"pocket": "cpf", "amount_cents": amount, "reason": "Oubli", "idempotency_key": uuid4()},
        follow=True,
    )


def test_large_correction_waits_for_another_person(desk, account):
    response = propose(desk, account)

    account.refresh_from_db()
    assert "une autre personne doit la valider" in response.content.decode()
    assert account.available_cents == 1105_00
    assert CorrectionProposal.objects.get().amount_cents == 1500_00


def test_own_proposal_is_decided_by_somebody_else(desk, account):
    propose(desk, account)
    proposal = CorrectionProposal.objects.get()
    page = address("correctionproposal", "decide", proposal.pk)

    own = desk.post(page, {"decision": "approve"})
    desk.force_login(StaffFactory(roles=Role))
    other = desk.post(page, {"decision": "approve"})

    account.refresh_from_db()
    assert own.status_code == 422
    assert "Une autre personne que vous" in own.content.decode()
    assert other.status_code == 302
    assert account.available_cents == 2605_00


def test_refused_proposal_changes_nothing(desk, account):
    propose(desk, account)
    page = address("correctionproposal", "decide", CorrectionProposal.objects.get().pk)
    desk.force_login(StaffFactory(roles=Role))

    desk.post(page, {"decision": "refuse"})

    account.refresh_from_db()
    assert account.available_cents == 1105_00
    assert desk.post(page, {"decision": "approve"}).status_code == 422


# --- Figures, codes, ledger -------------------------------------------------------------------


def test_figure_is_changed_by_a_new_row(desk):
    response = desk.post(
        address("parameter", "add"),
        {
            "name": ParameterName.CREDIT,
            "value": "60000",
            "valid_from": "01/01/2027",
            "legal_basis": "Décret à venir",
        },
    )

    assert response.status_code == 302
    assert Parameter.objects.figures(date(2027, 1, 1))[ParameterName.CREDIT] == 600_00
    assert Parameter.objects.figures(date(2026, 12, 31))[ParameterName.CREDIT] == 500_00


def test_figure_in_force_is_neither_changed_nor_removed(desk):
    parameter = Parameter.objects.first()

    change = desk.post(address("parameter", "change", parameter.pk), {"value": "1"})

    assert change.status_code == 403
    assert desk.post(address("parameter", "delete", parameter.pk)).status_code == 403
    assert desk.get(address("parameter", "change", parameter.pk)).status_code == 200


def test_figure_without_source_is_refused(desk):
    fields = {"name": ParameterName.CREDIT, "value": "-1", "valid_from": "01/01/2027"}

    page = desk.post(address("parameter", "add"), fields).content.decode()

    assert "Ce champ est obligatoire" in page
    assert not Parameter.objects.filter(value=-1).exists()


def test_support_checks_a_code(desk, account):
    attestation = issue_attestation(account=account, now=datetime(2026, 11, 22, tzinfo=UTC))
    page = address("attestation", "check")

    found = desk.post(page, {"code": attestation.readable_code.lower()}).content.decode()

    assert "authentique" in found
    assert "1105,00\u00a0€" in found
    assert "DURAND" in found


def test_wrong_or_changed_code_is_told(desk, account):
    attestation = issue_attestation(account=account, now=datetime(2026, 11, 22, tzinfo=UTC))
    Attestation.objects.update(cpf_cents=9_999_99)
    page = address("attestation", "check")

    unknown = desk.post(page, {"code": "0000-0000-0000-0000"})
    changed = desk.post(page, {"code": attestation.code})

    assert unknown.status_code == changed.status_code == 422
    assert "Aucune attestation ne porte ce code" in unknown.content.decode()
    assert "ont été changés" in changed.content.decode()


def test_code_check_needs_the_permission(client):
    without_rights(client)

    assert client.get(address("attestation", "check")).status_code == 403


@pytest.mark.parametrize(
    "model",
    [
        "rightsaccount", "movement", "hoursmovement", "abondement", "reservation", "attestation",
        "difdeclaration", "declaration", "yearlyrun", "correctionproposal", "parameter",
        "registerimport",
    ],
)  # fmt: skip
def test_every_list_is_read(desk, account, model):
    declare(TitulaireFactory())
    top_up(desk, account)
    propose(desk, account)

    assert desk.get(address(model, "changelist")).status_code == 200


def test_report_of_a_yearly_run_is_read_line_by_line_and_in_euros(desk):
    run = YearlyRun.objects.create(
        year=2025, feed_digest="a", feed_name="dsn.csv", effective_on=date(2026, 4, 15),
        credited_cents=2_500_00, problems=["ligne 3\u00a0: <b>la clé", "ligne 4\u00a0: la forme"],
    )  # fmt: skip

    page = desk.get(address("yearlyrun", "change", run.pk)).content.decode()

    assert "<div>ligne 3\u00a0: &lt;b&gt;la clé</div><div>ligne 4\u00a0: la forme</div>" in page
    assert "2500,00\u00a0€" in page


@pytest.mark.parametrize(
    "model", ["movement", "abondement", "attestation", "difdeclaration", "yearlyrun"]
)
def test_rows_are_not_written_by_hand(desk, model):
    assert desk.get(address(model, "add")).status_code == 403
    assert desk.post(address(model, "add"), {}).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_account_costs_the_same_statements_for_any_history(
    desk, count, django_assert_max_num_queries
):
    titulaire = TitulaireFactory()
    for _ in range(count):
        give(titulaire)
    page = address("rightsaccount", "change", RightsAccount.objects.get().pk)
    desk.get(page)

    with django_assert_max_num_queries(10):
        desk.get(page)
    assert Movement.objects.count() == count


@pytest.mark.parametrize(
    ("line", "outcome", "told"),
    [
        ("2850599998123;DURAND;2020;alimentation;500,00;DSN", "Importé", ""),
        ("2850599998123;DURAND;2020;alimentation;-500;DSN", "Refusé, rien n’est écrit", "ligne 2"),
    ],
)
def test_import_leaves_its_report(desk, tmp_path, line, outcome, told):
    file = tmp_path / "registre.csv"
    file.write_text(f"nir;nom_naissance;annee;nature;montant;origine\n{line}\n")

    with suppress(CommandError):
        call_command("import_rights", file, stdout=StringIO(), stderr=StringIO())

    report = RegisterImport.objects.get()
    page = desk.get(address("registerimport", "change", report.pk)).content.decode()
    assert "registre.csv" in page
    assert outcome in page
    assert told in page
    assert "2850599998123" not in page


def test_ended_abondements_go_back_by_a_command(camille):
    grant_abondement(
        titulaire=camille.titulaire, financer="region", financer_name="Région", amount_cents=300_00,
        today=date(2022, 1, 1), idempotency_key="a", expires_on=date(2022, 12, 31),
    )  # fmt: skip
    said = StringIO()

    for _ in range(2):
        call_command("expire_abondements", stdout=said)

    assert RightsAccount.objects.get().abondement_cents == 0
    assert said.getvalue() == "Abondements rendus\u00a0: 1.\nAbondements rendus\u00a0: 0.\n"
