"""The file of a person is shown to the staff once its reason is written, and she reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AccountEvent, EventKind, SupportRequest
from accounts.models.support import SupportKind
from accounts.proofs import identity_proofs
from cpf_portal.ui.proofs import PNG, Proof
from rights.models import RightsAccount
from tests.desk import open_file
from tests.factories import StaffFactory, TitulaireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


def pages(user):
    account = RightsAccount.objects.get(titulaire=user.titulaire)
    return [
        reverse("admin:accounts_titulaire_change", args=[user.titulaire.pk]),
        reverse("admin:accounts_user_change", args=[user.pk]),
        reverse("admin:rights_rightsaccount_change", args=[account.pk]),
        reverse("admin:rights_rightsaccount_correct", args=[account.pk]),
        reverse("admin:rights_rightsaccount_top_up", args=[account.pk]),
    ]


def test_closed_file_shows_nothing_and_leads_to_its_reason(desk, camille):
    for page in pages(camille):
        response = desk.get(page)

        assert response.status_code == 302
        assert response.headers["Location"] == (
            reverse("admin:accounts_titulaire_open", args=[camille.titulaire.pk])
            + f"?next={page.replace('/', '%2F')}"
        )


def test_opened_file_is_shown_and_the_page_asked_for_comes_back(desk, camille):
    asked = pages(camille)[2]

    response = open_file(desk, camille, next=asked)

    assert response.headers["Location"] == asked
    assert {desk.get(page).status_code for page in pages(camille)} == {200}


def test_other_file_stays_closed(desk, camille, dominique):
    open_file(desk, camille)

    other = reverse("admin:accounts_user_change", args=[dominique.pk])
    assert desk.get(other).status_code == 302


def test_file_closes_after_half_an_hour(desk, camille, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    open_file(desk, camille)

    for _ in range(2):  # or the session of the staff ends
        time_machine.shift(timedelta(minutes=10))
        desk.get(pages(camille)[0])
    time_machine.shift(timedelta(minutes=10) - timedelta(seconds=1))
    before = desk.get(pages(camille)[0]).status_code
    time_machine.shift(1)
    after = desk.get(pages(camille)[0]).status_code

    assert (before, after) == (200, 302)


def test_person_reads_who_opened_her_file_and_why(desk, client, camille, sasha):
    open_file(desk, camille, reason="appel au sujet du solde")

    client.force_login(camille)
    page = client.get(reverse("accounts:history")).content.decode()

    event = AccountEvent.objects.get(kind=EventKind.OPENED_BY_STAFF)
    assert (event.user, event.author) == (camille, sasha)
    assert "Compte consulté par l’assistance" in page
    assert f"agent n°&nbsp;{sasha.pk}" in page
    assert "appel au sujet du solde" in page


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Écrivez pourquoi vous ouvrez ce dossier."),
        ("   ", "Écrivez pourquoi vous ouvrez ce dossier."),
        ("appel", "dix caractères au moins"),
        ("a" * 301, "301"),
        ("il donne le 2 85 05 99 999 001", "numéro de sécurité sociale"),
        ("rappeler au 0612345678", "numéro de téléphone"),
    ],
)
def test_wrong_reason_opens_nothing(desk, camille, reason, sentence):
    response = open_file(desk, camille, reason=reason)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not AccountEvent.objects.filter(kind=EventKind.OPENED_BY_STAFF).exists()
    assert desk.get(pages(camille)[0]).status_code == 302


def test_way_back_stays_in_the_portal(desk, camille):
    response = open_file(desk, camille, next="https://example.org/")

    file = reverse("admin:desk_file", args=[camille.titulaire.pk])
    assert response.headers["Location"] == file


def test_person_without_an_account_is_opened_with_a_reason_too(desk):
    titulaire = TitulaireFactory()
    page = reverse("admin:accounts_titulaire_change", args=[titulaire.pk])

    assert desk.get(page).status_code == 302
    address = reverse("admin:accounts_titulaire_open", args=[titulaire.pk])
    assert "n’a pas de compte" in desk.get(address).content.decode()
    desk.post(address, {"reason": "appel au sujet du solde"})
    assert desk.get(page).status_code == 200


def test_colleague_has_no_file_to_open(desk):
    colleague = StaffFactory()

    page = desk.get(reverse("admin:accounts_user_change", args=[colleague.pk]))
    assert page.headers["Location"] == "/admin/"  # kept elsewhere, see accounts.admin_staff


def test_staff_without_permission_opens_nothing(client, camille):
    client.force_login(StaffFactory())

    assert open_file(client, camille).status_code == 403
    assert not AccountEvent.objects.filter(kind=EventKind.OPENED_BY_STAFF).exists()


@pytest.mark.parametrize("is_of_holder", [True, False])
def test_look_at_a_proof_is_told_to_whoever_sent_it_alone(desk, camille, is_of_holder, open_files):
    request = SupportRequest.objects.create(
        kind=SupportKind.CIVIL_STATUS,
        titulaire=camille.titulaire,
        is_of_holder=is_of_holder,
        contact_email="a@example.org",
        proof_name=identity_proofs.store(Proof(b"png", PNG)),
        proof_type=PNG,
    )

    desk.get(reverse("admin:accounts_supportrequest_proof", args=[request.pk]))

    told = camille.events.filter(kind=EventKind.OPENED_BY_STAFF)
    assert [event.reason for event in told] == (
        [f"pièce jointe à la demande n° {request.pk}"] if is_of_holder else []
    )
