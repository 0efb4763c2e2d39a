"""The queue of DIF proofs: its age, its files, its decisions, and who may take them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts.models import EventKind
from rights.models import DifDeclaration, DifState
from tests.factories import StaffFactory, TitulaireFactory, UserFactory
from tests.rights import images
from tests.rights.dif import declare
from tests.rights.ledger import spend_dif
from tests.rights.test_admin_desks import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_files")]


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


def grant(user, *names: str) -> None:
    group, _ = Group.objects.get_or_create(name="essai")
    group.permissions.set(Permission.objects.filter(codename__in=names))
    user.groups.set([group])


def test_queue_shows_the_oldest_first_with_its_age(desk):
    recent, old = declare(TitulaireFactory()), declare(TitulaireFactory())
    DifDeclaration.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=9))

    page = desk.get(address("difdeclaration", "changelist")).content.decode()

    assert "9 jours" in page
    assert "aujourd’hui" in page
    assert page.index(f"n° {old.pk}<") < page.index(f"n° {recent.pk}<")


@pytest.mark.parametrize("count", [1, 12])
def test_queue_costs_the_same_statements_for_any_length(desk, count, django_assert_num_queries):
    for _ in range(count):
        declare(TitulaireFactory())
    desk.get(address("difdeclaration", "changelist"))

    with django_assert_num_queries(6):  # session, user, her device and roles, a count, page
        desk.get(address("difdeclaration", "changelist"))


def test_staff_reads_the_proof_as_a_download(desk):
    declaration = declare(TitulaireFactory())

    response = desk.get(address("difdeclaration", "proof", declaration.pk))

    assert response.content == images.PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_person_reads_who_looked_at_her_proof(desk, sasha):
    user = UserFactory()

    desk.get(address("difdeclaration", "proof", declare(user.titulaire).pk))

    opened = user.events.get(kind=EventKind.OPENED_BY_STAFF)
    assert (opened.author, opened.reason) == (sasha, "examen du justificatif de DIF")


def test_proof_needs_the_permission(client):
    declaration = declare(TitulaireFactory())
    clerk = StaffFactory()
    client.force_login(clerk)
    proof = address("difdeclaration", "proof", declaration.pk)

    assert client.get(proof).status_code == 403
    assert client.get(address("difdeclaration", "examine", declaration.pk)).status_code == 403
    grant(clerk, "view_difdeclaration")
    assert client.get(proof).status_code == 403
    grant(clerk, "view_difdeclaration", "change_difdeclaration")
    assert client.get(address("difdeclaration", "examine", declaration.pk)).status_code == 403
    grant(clerk, "view_difdeclaration", "examine_proof")
    assert client.get(proof).status_code == 200
    assert client.get(address("difdeclaration", "examine", declaration.pk)).status_code == 200
    assert "Examiner" in client.get(address("difdeclaration", "changelist")).content.decode()


def test_erased_proof_is_not_accepted(desk):
    declaration = declare(TitulaireFactory())
    DifDeclaration.objects.update(proof_name="")

    page = desk.post(address("difdeclaration", "examine", declaration.pk), {"decision": "accept"})

    declaration.refresh_from_db()
    assert page.status_code == 422
    assert "La pièce est effacée\u00a0: on ne peut plus l’accepter." in page.content.decode()
    assert declaration.state == DifState.TO_EXAMINE


def test_accepted_proof_leaves_the_queue(desk, sasha):
    declaration = declare(TitulaireFactory())

    response = desk.post(
        address("difdeclaration", "examine", declaration.pk), {"decision": "accept"}
    )

    declaration.refresh_from_db()
    assert response.status_code == 302
    assert (declaration.state, declaration.decided_by) == (DifState.ACCEPTED, sasha)


def test_refusal_takes_back_and_says_what_was_spent(desk):
    declaration = declare(TitulaireFactory())
    spend_dif(declaration.account, 100_00)

    response = desk.post(
        address("difdeclaration", "examine", declaration.pk),
        {"decision": "refuse", "reason": "Document illisible"},
        follow=True,
    )

    page = response.content.decode()
    assert "Repris\u00a0: 260,00\u00a0€. Déjà réservé ou utilisé\u00a0: 100,00\u00a0€." in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"decision": "refuse"}, "Expliquez le refus"),
        ({}, "Choisissez d’accepter"),
        ({"decision": "vendre"}, "Sélectionnez un choix valide"),
    ],
)
def test_wrong_decision_changes_nothing(desk, fields, sentence):
    declaration = declare(TitulaireFactory())

    response = desk.post(address("difdeclaration", "examine", declaration.pk), fields)

    declaration.refresh_from_db()
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert declaration.state == DifState.TO_EXAMINE


def test_second_decision_finds_the_first(desk):
    declaration = declare(TitulaireFactory())
    page = address("difdeclaration", "examine", declaration.pk)
    desk.post(page, {"decision": "accept"})

    response = desk.post(page, {"decision": "accept"})

    assert response.status_code == 422
    assert "vient d’être examinée" in response.content.decode()
