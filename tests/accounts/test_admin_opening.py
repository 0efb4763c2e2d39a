"""The file of a person is shown to the staff once its reason is written, and she reads it."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.admin_opening import OpenedFileAdmin
from accounts.models import AccountEvent, EventKind, SupportRequest, Titulaire, User
from accounts.models.support import SupportKind
from accounts.proofs import identity_proofs
from cpf_portal.ui.proofs import PNG, Proof
from rights.dossiers.states import State
from rights.models import RightsAccount
from tests.desk import open_file
from tests.factories import StaffFactory, TitulaireFactory
from tests.rights.dossiers.steps import at_noon, bring_to

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


def test_file_closes_half_an_hour_after_its_last_use(desk, camille, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    open_file(desk, camille)
    page = pages(camille)[0]

    def after_minutes(*minutes, address):
        for step in minutes:  # or the session of the staff ends
            time_machine.shift(timedelta(minutes=step))
            status = desk.get(address).status_code
        return status

    assert after_minutes(10, 10, 10, 10, address=page) == 200  # what is typed meanwhile is not lost
    after_minutes(10, 10, 9, address="/admin/")
    assert after_minutes(1, address=page) == 302


def test_closed_file_changes_nothing_by_being_looked_at(desk, camille, time_machine):
    dossier = bring_to(State.REQUESTED)
    time_machine.move_to(at_noon(dossier.due_on + timedelta(days=1)), tick=False)
    desk.force_login(User.objects.get(is_staff=True))

    answer = desk.get(reverse("admin:rights_dossier_change", args=[dossier.pk]))

    dossier.refresh_from_db()
    assert (answer.status_code, dossier.state) == (302, State.REQUESTED)


def lists_of_people():
    """The lists that a person’s key narrows, with the parameter that does."""
    return [
        pytest.param(model, parameter, named, id=f"{model._meta.label_lower}-{parameter}")
        for model, owner in admin.site._registry.items()
        if isinstance(owner, OpenedFileAdmin)
        for parameter, named in owner._person_filters().items()
    ]


def test_lists_of_people_are_those_of_every_room():
    assert len(lists_of_people()) >= 15


@pytest.mark.parametrize(("model", "parameter", "named"), lists_of_people())
def test_list_of_one_person_asks_for_her_file_first(desk, sasha, camille, model, parameter, named):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    person = {User: camille, Titulaire: camille.titulaire}.get(named) or (
        RightsAccount.objects.get(titulaire=camille.titulaire)
    )
    asked = f"{address}?{parameter}={person.pk}"

    closed = desk.get(asked)
    assert closed.headers["Location"].startswith(
        reverse("admin:accounts_titulaire_open", args=[camille.titulaire.pk])
    )
    assert desk.get(f"{address}?{parameter}=%20{person.pk}").status_code == 400
    open_file(desk, camille)
    assert desk.get(asked).status_code == 200

    User.objects.filter(pk=sasha.pk).update(email=f"{camille.email.upper()}")
    assert desk.get(asked).status_code == 403  # her own


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
