"""Nobody of the staff works on her own file, whatever address it has."""

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import services
from accounts.admin_opening import OpenedFileAdmin
from accounts.models import AccountEvent, AuditEvent, AuditKind, SupportRequest, Titulaire, User
from accounts.models.support import SupportKind
from accounts.models.titulaire import nir_index
from accounts.roles import Role
from accounts.services import staff
from accounts.staff.views import _with_own_number
from rights.dossiers.states import Action
from rights.models import Movement
from tests import desk_rows
from tests.cpf_portal.test_admin_matrix import walk
from tests.desk import open_file, sign_in
from tests.factories import StaffFactory, TitulaireFactory, UserFactory, make_nir
from tests.html import check_page
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db
OWN_NUMBER = reverse("admin:own_number")


@pytest.fixture
def agent(client):
    user = StaffFactory(email="Agent@example.org", roles=Role)
    sign_in(client, user)
    return user


@pytest.fixture
def person(agent):
    """The same somebody, as a citizen, under another address."""
    user = UserFactory(email="a.la.maison@example.net")
    User.objects.filter(pk=agent.pk).update(own_nir_index=user.titulaire.nir_index)
    return user


# --- Every page of the administration, asked for and posted -----------------------------------------


def arguments_of(pattern, titulaire: Titulaire) -> dict | None:
    """Return what a page is asked with for the rows of `titulaire`, None when it shows nobody's."""
    names = pattern.pattern.converters
    pk = row_of(pattern.name, titulaire)
    if not names or pk is None:
        return None
    others = {
        "action": Action.values[0],
        "act": "deconnecter",
        "mail_pk": titulaire.user.mails.first().pk,
    }
    return {name: others.get(name, pk) for name in names}


def row_of(name: str, titulaire: Titulaire) -> int | None:
    if name == "desk_release":
        return titulaire.nir_releases.first().pk
    if name.startswith("desk_") and name not in {"desk_found", "desk_export"}:
        return titulaire.pk
    for model, owner in admin.site._registry.items():
        label = f"{model._meta.app_label}_{model._meta.model_name}_"
        if isinstance(owner, OpenedFileAdmin) and name.startswith(label):
            rows = model._base_manager.order_by("pk")
            return next(row.pk for row in rows if owner.titulaire_of(row) == titulaire)
    return None


def pages_of(titulaire: Titulaire) -> dict[str, str]:
    """Return the address of each page of the administration that is about `titulaire`."""
    found = {}
    for pattern in walk(admin.site.get_urls()):
        arguments = arguments_of(pattern, titulaire)
        if arguments is not None:
            found[pattern.name] = reverse(f"admin:{pattern.name}", kwargs=arguments)
    return found


@pytest.mark.slow  # every page of a person, asked for and posted
def test_no_page_serves_an_agent_her_own_person(client):
    desk_rows.fill(1, 1, agent=StaffFactory())
    SupportRequest.objects.update(proof_name="piece")
    titulaire = Titulaire.objects.select_related("user").get()
    herself = StaffFactory(roles=Role, own_nir_index=titulaire.nir_index)
    colleague = StaffFactory(roles=Role)
    pages = pages_of(titulaire)

    sign_in(client, colleague)
    served = {name for name, url in pages.items() if client.get(url).status_code not in {403, 404}}
    sign_in(client, herself)
    refused = {
        name
        for name in served
        if client.get(pages[name]).status_code == 403
        and client.post(pages[name], {"reason": "pour moi, pour moi"}).status_code == 403
    }

    assert len(served) > 35
    assert {"desk_reveal", "desk_act", "desk_release", "rights_rightsaccount_correct"} <= served
    assert served - refused == set()
    assert not AccountEvent.objects.filter(author=herself).exists()
    done = AuditEvent.objects.filter(actor_pk=herself.pk).exclude(kind=AuditKind.SIGNED_IN)
    assert not done.exists()


def test_agent_is_known_by_her_professional_address_too(client, agent):
    person = UserFactory(email="agent@Example.org")

    assert open_file(client, person).status_code == 403
    assert open_file(client, UserFactory()).status_code == 302


def test_own_rights_are_not_corrected(client, agent, person):
    account = give(person.titulaire).account
    before = Movement.objects.count()

    for page in ("correct", "top_up", "close", "hours", "change"):
        url = reverse(f"admin:rights_rightsaccount_{page}", args=[account.pk])
        assert client.post(url, {"amount": "100", "reason": "pour moi"}).status_code == 403
    assert Movement.objects.count() == before


def test_own_rights_are_given_back_by_somebody_else(client, agent, person):
    services.freeze_spending(user=person, now=person.created_at)
    url = reverse("admin:accounts_user_unfreeze", args=[person.pk])

    assert client.post(url, {"reason": "Tout va bien."}).status_code == 403

    person.refresh_from_db()
    assert person.spending_frozen_at


def test_own_question_is_answered_by_somebody_else(client, agent):
    """A message that names no titulaire is still that of its address."""
    asked, other = (
        services.ask_support(
            kind=SupportKind.QUESTION, nir=None, contact_email=address, message="Et ?"
        )
        for address in ("AGENT@example.org", "autre@example.org")
    )

    urls = [
        reverse("admin:accounts_supportrequest_answer", args=[row.pk]) for row in (asked, other)
    ]

    assert [client.get(url).status_code for url in urls] == [403, 200]


@pytest.mark.parametrize(
    ("name", "columns"), [("titulaires", ["titulaire"]), ("mouvements", ["compte"])]
)
def test_own_rows_are_in_no_export(client, agent, person, name, columns):
    hers, others = give(person.titulaire).account, give(TitulaireFactory()).account
    data = {"columns": columns, "reason": "enquête de satisfaction"}

    answer = client.post(reverse("admin:desk_export", args=[name]), data)

    keys = [
        account.pk if name == "mouvements" else account.titulaire_id for account in (hers, others)
    ]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split()
    assert [str(key) in lines for key in keys] == [False, True]


# --- Which person she is ---------------------------------------------------------------------------


@pytest.fixture
def newcomer(client):
    user = StaffFactory(roles=[Role.ADVICE], own_nir_index="")
    sign_in(client, user)
    return user


def test_newcomer_gives_her_number_before_the_first_file(client, newcomer):
    person = UserFactory()
    file = reverse("admin:desk_file", args=[person.titulaire.pk])

    first = client.get(file)
    opening = open_file(client, person)
    page = client.get(first.url)
    given = client.post(OWN_NUMBER, {"nir": make_nir().value, "next": file})
    after = client.get(file)

    assert first.url.startswith(OWN_NUMBER)
    assert opening.url.startswith(OWN_NUMBER)
    assert check_page(page.content.decode()).title.startswith("Votre propre dossier")
    assert (given.status_code, given.url) == (302, file)
    assert "/ouvrir/" in after.url


def test_number_is_kept_as_a_fingerprint_and_told_to_nobody(client, newcomer):
    nir = make_nir()

    client.post(OWN_NUMBER, {"nir": nir.value})
    again = client.post(OWN_NUMBER, {"nir": make_nir().value})

    newcomer.refresh_from_db()
    line = AuditEvent.objects.get(kind=AuditKind.STAFF_ACTION)
    assert newcomer.own_nir_index == nir_index(nir)
    assert (line.person_pk, line.facts) == (newcomer.pk, {"step": "own_number"})
    assert "déjà donné" in again.content.decode()
    assert nir.value not in again.content.decode()


def test_wrong_number_is_said_beside_the_field_and_not_written_back(client, newcomer):
    answer = client.post(OWN_NUMBER, {"nir": "285059999812399"})

    assert answer.status_code == 422
    assert "285059999812399" not in answer.content.decode()
    assert check_page(answer.content.decode()).title.startswith("Erreur")


def test_one_person_has_one_account_of_the_staff(client, newcomer):
    nir = make_nir()
    former = StaffFactory(own_nir_index=nir_index(nir))

    refused = client.post(OWN_NUMBER, {"nir": nir.value})
    staff.set_staff_active(user=former, is_active=False, author=newcomer, reason="départ")
    accepted = client.post(OWN_NUMBER, {"nir": nir.value})

    assert (refused.status_code, accepted.status_code) == (422, 302)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=former.pk).update(is_active=True)


def test_numbers_of_others_are_not_tried_one_by_one(client, newcomer):
    known = make_nir()
    StaffFactory(own_nir_index=nir_index(known))

    answers = [client.post(OWN_NUMBER, {"nir": known.value}).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_security_has_a_wrong_number_given_again(client, newcomer):
    User.objects.filter(pk=newcomer.pk).update(own_nir_index=nir_index(make_nir()))
    sign_in(client, StaffFactory(roles=[Role.SECURITY]))
    url = reverse("admin:accounts_staffmember_change", args=[newcomer.pk])

    client.post(url, {"decision": "number", "reason": "numéro du conjoint"})

    newcomer.refresh_from_db()
    assert newcomer.own_nir_index == ""
    assert AuditEvent.objects.latest("position").facts == {"step": "own_number_forgotten"}


def test_enrolment_leads_through_the_number_whoever_opens_files(client, newcomer):
    keeper = StaffFactory(roles=[Role.CATALOGUE], own_nir_index="")

    assert _with_own_number(newcomer, "/admin/").startswith(OWN_NUMBER)
    assert _with_own_number(keeper, "/admin/") == "/admin/"


def test_refusal_says_why_in_the_frame_of_the_administration(client, agent, person):
    page = open_file(client, person)

    outline = check_page(page.content.decode())
    assert page.status_code == 403
    assert outline.title.startswith("Votre propre dossier")
    assert "un autre agent s’en occupe" in page.content.decode()
