import pytest
from django.urls import reverse

from accounts import limits
from accounts.models import RateLimit, Titulaire, User
from tests.desk import open_file
from tests.factories import StaffFactory, TitulaireFactory, UserFactory

pytestmark = pytest.mark.django_db
SEARCH = "admin:accounts_titulaire_search_by_nir"


@pytest.fixture
def desk(client, sasha):
    """The client of a signed-in member of the staff."""
    client.force_login(sasha)
    return client


@pytest.mark.parametrize("spelling", ["2850599999001", "2 85 05 99 999 001"])
def test_search_by_nir_opens_the_file_of_the_person(desk, camille, spelling):
    response = desk.post(reverse(SEARCH), {"nir": spelling})

    assert response.headers["Location"] == reverse(
        "admin:accounts_titulaire_change", args=[camille.titulaire.pk]
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2850599999777", "Aucun titulaire ne porte ce numéro."),
        ("12345", "Ce numéro n’est pas valide"),
        ("", "Saisissez le numéro de sécurité sociale."),
    ],
)
def test_search_by_nir_says_what_is_wrong_and_forgets_the_number(desk, typed, sentence):
    response = desk.post(reverse(SEARCH), {"nir": typed})

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert not typed or typed not in page


@pytest.mark.parametrize("model", ["titulaire", "user"])
@pytest.mark.parametrize("typed", ["n'diaye melinand", "NDIAYE", "Mélinand"])
def test_search_by_name_finds_it_however_it_is_written(desk, alix, camille, model, typed):
    page = desk.get(reverse(f"admin:accounts_{model}_changelist"), {"q": typed}).content.decode()

    assert "N’DIAYE-MÉLINAND" in page
    assert "DURAND" not in page


def test_search_by_nir_is_limited(desk, sasha):
    for _ in range(59):
        limits.hit("nir-search", person=f"staff:{sasha.pk}")

    typed = ("12345", "2850599999001")
    assert [desk.post(reverse(SEARCH), {"nir": nir}).status_code for nir in typed] == [422, 429]


def test_search_by_nir_is_for_staff(client, camille):
    client.force_login(camille)

    response = client.post(reverse(SEARCH), {"nir": "2850599999001"})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_titulaire_is_shown_with_a_masked_number(desk, camille):
    open_file(desk, camille)

    page = desk.get(reverse("admin:accounts_titulaire_change", args=[camille.titulaire.pk]))

    assert "2 85 •• •• ••• ••• ••" in page.content.decode()
    assert camille.titulaire.nir.value not in page.content.decode()


def test_titulaire_is_found_by_name_whatever_its_spelling(desk):
    found = TitulaireFactory(birth_name="Lefèvre-Ô")
    TitulaireFactory(birth_name="Martin")

    response = desk.get(reverse("admin:accounts_titulaire_changelist"), {"q": "LEFEVRE"})

    assert list(response.context["cl"].queryset) == [found]


def test_account_is_found_by_address_or_name(desk, camille, dominique):
    changelist = reverse("admin:accounts_user_changelist")

    by_address = desk.get(changelist, {"q": "CAMILLE@example.org"})
    by_name = desk.get(changelist, {"q": "le goff"})

    assert list(by_address.context["cl"].queryset) == [camille]
    assert list(by_name.context["cl"].queryset) == [dominique]


def test_staff_neither_see_nor_type_a_password(desk, camille):
    open_file(desk, camille)

    page = desk.get(reverse("admin:accounts_user_change", args=[camille.pk])).content.decode()

    assert "argon2" not in page
    assert camille.password not in page
    assert 'type="password"' not in page


def test_forged_change_of_an_account_changes_only_its_state(desk, camille):
    before = User.objects.get(pk=camille.pk)
    open_file(desk, camille)

    desk.post(
        reverse("admin:accounts_user_change", args=[camille.pk]),
        {"email": "vole@example.org", "is_staff": "on", "is_superuser": "on", "password": "x"},
    )

    after = User.objects.get(pk=camille.pk)
    assert (after.email, after.is_staff, after.is_superuser, after.password) == (
        before.email,
        False,
        False,
        before.password,
    )
    assert not after.is_active  # the box that staff may clear was not in what was posted


@pytest.mark.parametrize("model", ["titulaire", "outgoingmail"])
def test_read_only_rows_cannot_be_added_or_deleted(desk, camille, model):
    for name in ("add",):
        assert desk.get(reverse(f"admin:accounts_{model}_{name}")).status_code == 403
    assert (
        desk.post(
            reverse("admin:accounts_titulaire_delete", args=[camille.titulaire.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    assert Titulaire.objects.exists()


def test_counter_can_be_forgotten(desk):
    limits.hit("sign-up", ip="198.51.100.1")
    counter = RateLimit.objects.get()

    desk.post(reverse("admin:accounts_ratelimit_delete", args=[counter.pk]), {"post": "yes"})

    assert not RateLimit.objects.exists()


@pytest.mark.parametrize("model", ["titulaire", "user", "outgoingmail", "ratelimit"])
def test_list_asks_the_same_number_of_queries_for_one_row_and_for_many(
    desk, model, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    def queries():
        with django_assert_max_num_queries(30) as captured:
            assert desk.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
        return len(captured)

    def add_rows():
        user = UserFactory(email_confirmed_at=None)
        user.mails.create(kind="confirmation")
        limits.hit("sign-up", ip=f"198.51.100.{user.pk % 250}")

    add_rows()
    queries()  # the first page of a session notes that it was seen
    one = queries()
    for _ in range(3):
        add_rows()

    assert queries() == one


def test_staff_without_permission_see_nothing(client):
    client.force_login(StaffFactory())

    assert client.get(reverse("admin:accounts_titulaire_changelist")).status_code == 403
    assert client.post(reverse(SEARCH), {"nir": "2850599999001"}).status_code == 403
