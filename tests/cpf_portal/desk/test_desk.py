"""A call at the desk: find the person, open her file, do the one right thing, leave a trace."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import limits
from accounts.models import AuditEvent, AuditKind, EventKind, OutgoingMail, SupportNote
from accounts.roles import Role
from cpf_portal.ui.masking import MASK
from tests.desk import open_file, sign_in
from tests.factories import DossierFactory, TitulaireFactory, UserFactory
from tests.html import check_page

pytestmark = pytest.mark.django_db
SEARCH = "/admin/bureau/recherche/"


@pytest.fixture
def desk(client, sasha):
    sign_in(client, sasha)
    return client


def look_for(client, term):
    return client.post(SEARCH, {"term": term})


def file_page(titulaire):
    return reverse("admin:desk_file", args=[titulaire.pk])


def last_line():
    return AuditEvent.objects.order_by("-position").first()


# --- search


def test_each_way_to_name_a_person_finds_her(desk):
    user = UserFactory(email="Zoe.Martin@Example.org", phone_mobile="+33639981234")
    dossier = DossierFactory(user=user)
    user.titulaire.birth_name = "Zoé-Martin"
    user.titulaire.save()
    nir = user.titulaire.nir
    terms = [
        nir.value, f"{nir.value[:5]} {nir.value[5:]}.{nir.key}", "zoe.martin@example.org",
        f"{dossier.reference[:4]}-{dossier.reference[4:]}".lower(), "06 39 98 12 34", "zoe m",
    ]  # fmt: skip

    for term in terms:
        response = look_for(desk, term)

        assert response.headers["Location"] == file_page(user.titulaire), term
    assert last_line().kind == AuditKind.SEARCHED
    assert last_line().facts == {"term": "name", "found": 1, "has_more": False}


def test_several_people_are_listed_masked_under_a_key_that_tells_nothing(desk):
    for name in ("Durand", "Durandal", "Dupont"):
        UserFactory(email=f"{name}@example.org", titulaire__birth_name=name)

    response = look_for(desk, "durand")
    page = desk.get(response.headers["Location"]).content.decode()

    assert "durand" not in response.headers["Location"].lower()
    assert ("Durand<" in page, "Durandal<" in page, "Dupont" in page) == (True, True, False)
    assert "d•••••@example.org" in page.lower()
    assert "Durand@example.org" not in page


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("2850599999123", "Aucun titulaire ne porte ce numéro"),
        ("2850599999", "ne forment ni un numéro de sécurité sociale"),
        ("personne@example.org", "Aucun compte n’a cette adresse"),
        ("23456789ABCDEFGH", "Aucun dossier ni aucune demande"),
        ("Introuvable", "Aucun nom de naissance"),
    ],
)
def test_unknown_is_said_with_what_to_try(desk, term, sentence):
    page = desk.get(look_for(desk, term).headers["Location"]).content.decode()

    assert sentence in page
    assert "À essayer" in page
    assert term not in page


def test_empty_search_says_what_to_type(desk):
    response = look_for(desk, " ")

    assert response.status_code == 422
    assert "Tapez ce que la personne vous donne" in response.content.decode()


def test_searches_are_counted(desk, sasha):
    for policy, limit, term in (("desk-search", 120, "zzz"), ("nir-search", 60, "2850599999123")):
        for _ in range(limit - 1):
            limits.hit(policy, person=f"staff:{sasha.pk}")

        assert [look_for(desk, term).status_code for _ in range(2)] == [302, 429]


def test_search_is_for_who_may_and_by_post(client, colleague):
    sign_in(client, colleague(Role.CATALOGUE))

    assert look_for(client, "durand").status_code == 403
    sign_in(client, colleague(Role.READING))
    assert look_for(client, "durand").status_code == 302
    assert client.get(SEARCH).headers["Location"] == reverse("admin:index")


# --- the file


def fill(user, sasha, times):
    """Give `user` several rows of each kind that her file shows."""
    for n in range(times):
        SupportNote.objects.create(titulaire=user.titulaire, author=sasha, text=f"note {n}")
        OutgoingMail.objects.create(user=user, kind="new_browser", sent_at=timezone.now())
        user.events.model.objects.create(user=user, kind=EventKind.SIGNED_IN, author=sasha)
        DossierFactory(user=user)


@pytest.mark.parametrize("times", [1, 12])
def test_file_costs_the_same_for_any_life(
    client, colleague, alix, times, django_assert_max_num_queries
):
    agent = colleague(Role.RIGHTS)
    sign_in(client, agent)
    fill(alix, agent, times)
    open_file(client, alix)

    with django_assert_max_num_queries(12) as counted:
        page = client.get(file_page(alix.titulaire)).content.decode()

    assert len(counted) == 11
    check_page(page)
    for shown in (
        f"note {times - 1}",
        "connexion d’un nouvel appareil",
        "Derniers mouvements",
        "Corriger les droits",
    ):
        assert shown.lower() in page.lower()
    assert alix.titulaire.nir.value not in page


def test_file_after_a_quiet_minute_costs_what_the_session_writes_and_no_more(
    client, colleague, alix, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    sign_in(client, colleague(Role.RIGHTS))
    open_file(client, alix)
    client.get(file_page(alix.titulaire))
    time_machine.shift(timedelta(minutes=2))

    with CaptureQueriesContext(connection) as counted:
        client.get(file_page(alix.titulaire))

    # those of a transaction are no questions
    asked = [query for query in counted if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 12


@pytest.mark.parametrize("times", [1, 12])
def test_home_costs_the_same_for_any_work(client, colleague, times, django_assert_max_num_queries):
    sign_in(client, colleague(Role.ADVICE))
    for _ in range(times):
        UserFactory(spending_frozen_at=timezone.now())

    with django_assert_max_num_queries(9):
        page = client.get("/admin/").content.decode()

    check_page(page)
    assert "Comptes dont l’usage des droits est suspendu" in page


def test_file_opens_with_a_reason_even_without_an_account(desk):
    titulaire = TitulaireFactory()
    page = file_page(titulaire)

    closed = desk.get(page)
    desk.post(closed.headers["Location"], {"reason": "appel au sujet du relevé"})

    assert last_line().kind == AuditKind.FILE_OPENED
    assert (last_line().titulaire_pk, bool(last_line().reason_digest)) == (titulaire.pk, True)
    assert "ne s’est pas inscrite" in desk.get(page).content.decode()


def test_own_file_stays_closed(desk, sasha):
    own = UserFactory(email=sasha.email.upper())

    assert desk.get(file_page(own.titulaire)).status_code == 403
    assert open_file(desk, own).status_code == 403


# --- the acts

ACTS = [
    ("confirmation", EventKind.CONFIRMATION_RESENT, AuditKind.CONFIRMATION_RESENT),
    ("mot-de-passe", EventKind.RESET_SENT, AuditKind.RESET_SENT),
    ("debloquer", EventKind.UNLOCKED, AuditKind.UNLOCKED),
    ("deconnecter", EventKind.SIGNED_OUT_BY_STAFF, AuditKind.SESSIONS_ENDED),
]


@pytest.mark.parametrize(("act", "told", "traced"), ACTS, ids=[act for act, *_ in ACTS])
def test_act_says_first_then_is_done_and_told(desk, sasha, act, told, traced):
    user = UserFactory(email_confirmed_at=None)
    open_file(desk, user)
    url = reverse("admin:desk_act", args=[user.titulaire.pk, act])

    said = desk.get(url)
    assert "Ce qui va se passer" in said.content.decode()
    assert not user.events.filter(kind=told).exists()
    done = desk.post(url, follow=True)

    assert 'class="success"' in done.content.decode()
    assert user.events.get(kind=told).author == sasha
    assert (last_line().kind, last_line().person_pk) == (traced, user.pk)


def test_unlocked_person_tries_again_and_closed_sessions_are_closed(desk, client, camille):
    nir, ip = camille.titulaire.nir.value, "198.51.100.1"
    for _ in range(5):
        limits.hit("sign-in", ip=ip, person=nir)
    other = type(client)()
    other.force_login(camille)
    assert other.get(reverse("accounts:profile")).status_code == 200
    open_file(desk, camille)
    assert "connexion limitée jusqu’à" in desk.get(file_page(camille.titulaire)).content.decode()

    for act in ("debloquer", "deconnecter"):
        desk.post(reverse("admin:desk_act", args=[camille.titulaire.pk, act]))

    limits.hit("sign-in", ip=ip, person=nir)
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert desk.get("/admin/").status_code == 200


def test_act_that_fits_no_more_says_so(desk):
    user = UserFactory()
    open_file(desk, user)

    page = desk.post(
        reverse("admin:desk_act", args=[user.titulaire.pk, "confirmation"]), follow=True
    )

    assert "Cette adresse est déjà confirmée" in page.content.decode()
    assert not OutgoingMail.objects.filter(user=user).exists()


def test_act_needs_an_open_file_and_its_permission(client, colleague):
    user = UserFactory(email_confirmed_at=None)
    url = reverse("admin:desk_act", args=[user.titulaire.pk, "confirmation"])

    sign_in(client, colleague(Role.READING))
    open_file(client, user)
    assert client.post(url).status_code == 403
    sign_in(client, colleague(Role.ADVICE))
    assert "/ouvrir/" in client.post(url).headers["Location"]
    assert not OutgoingMail.objects.filter(user=user).exists()


def test_note_keeps_no_number_and_is_told(desk, camille):
    open_file(desk, camille)

    page = desk.post(
        reverse("admin:desk_note", args=[camille.titulaire.pk]),
        {"text": "Elle dit être 2 85 05 99 999 001, à rappeler."},
        follow=True,
    ).content.decode()

    assert SupportNote.objects.get().text == f"Elle dit être {MASK}, à rappeler."
    assert "Un numéro y a été masqué" in page
    assert camille.events.filter(kind=EventKind.NOTE_WRITTEN).exists()


@pytest.mark.parametrize(
    ("fields", "leaves"),
    [
        ({"kind": "search_news", "attempts": 7}, True),
        ({"kind": "password_changed", "sent": True}, True),
        ({"kind": "dossier", "sent": True}, False),
    ],
)
def test_mail_leaves_again_when_its_text_can_be_made(desk, camille, fields, leaves):
    sent_at = timezone.now() if fields.pop("sent", False) else None
    mail = OutgoingMail.objects.create(user=camille, sent_at=sent_at, **fields)
    open_file(desk, camille)
    url = reverse("admin:desk_resend", args=[camille.titulaire.pk, mail.pk])

    assert (url in desk.get(file_page(camille.titulaire)).content.decode()) is leaves
    desk.post(url)

    again = OutgoingMail.objects.pending().filter(kind=mail.kind, attempts=0)
    assert again.exists() is leaves


def test_frozen_by_the_support_and_given_back(desk, camille):
    open_file(desk, camille)
    reason = {"reason": "opération inhabituelle signalée"}

    desk.post(reverse("admin:desk_freeze", args=[camille.titulaire.pk]), reason)
    camille.refresh_from_db()
    assert camille.spending_frozen_at
    assert last_line().kind == AuditKind.FROZEN
    desk.post(reverse("admin:accounts_user_unfreeze", args=[camille.pk]), reason)

    camille.refresh_from_db()
    assert camille.spending_frozen_at is None
    assert last_line().kind == AuditKind.UNFROZEN


# --- the number, the release, the erasure


def test_number_is_released_by_two_people(client, colleague, camille):
    proposer, other = colleague(Role.ADVICE), colleague(Role.RIGHTS)
    titulaire = camille.titulaire
    sign_in(client, proposer)
    open_file(client, camille)
    propose = reverse("admin:desk_propose_release", args=[titulaire.pk])
    client.post(propose, {"reason": "pièce d’identité d’une autre personne"})
    release = titulaire.nir_releases.get()
    decide = reverse("admin:desk_release", args=[release.pk])

    assert (
        "vous avez proposé ce retrait"
        in client.post(decide, {"decision": "approve"}).content.decode()
    )
    assert type(camille).objects.filter(pk=camille.pk).exists()
    sign_in(client, other)
    open_file(client, camille)
    client.post(decide, {"decision": "approve"})

    assert not type(camille).objects.filter(pk=camille.pk).exists()
    titulaire.refresh_from_db()  # the rights of the register wait for their holder
    assert titulaire.rights_account.available_cents == 110500
    assert (last_line().kind, last_line().actor_pk) == (AuditKind.NIR_RELEASED, other.pk)
    assert last_line().facts["proposed_by"] == proposer.pk


def test_account_is_erased_at_the_written_demand(desk, sasha, dominique):
    pk, titulaire = dominique.pk, dominique.titulaire
    open_file(desk, dominique)
    url = reverse("admin:desk_anonymise", args=[titulaire.pk])
    reason = {"reason": "lettre reçue le 3 novembre, identité vérifiée"}

    refused = desk.post(url, reason | {"word": "effacer"})
    assert (refused.status_code, type(dominique).objects.filter(pk=dominique.pk).exists()) == (
        422,
        True,
    )
    desk.post(url, reason | {"word": "EFFACER"})

    assert not type(dominique).objects.filter(pk=dominique.pk).exists()
    line = AuditEvent.objects.get(kind=AuditKind.ANONYMISED)  # one, of who did it
    assert (line.actor_pk, line.person_pk) == (sasha.pk, pk)
    assert line.reason_digest
