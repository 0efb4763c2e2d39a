import pytest
from django.urls import reverse

from accounts import limits, services
from accounts.models import BlockedReason, OutgoingMail, RateLimit, Titulaire, User
from tests.desk import open_file
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, sasha):
    """The client of a signed-in member of the staff."""
    client.force_login(sasha)
    return client


@pytest.mark.parametrize("model", ["titulaire", "user"])
def test_list_has_no_search_whose_words_stand_in_the_address(desk, camille, dominique, model):
    page = desk.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "durand"})

    assert len(page.context["cl"].result_list) == 2  # nothing was searched
    assert 'name="q"' not in page.content.decode()
    assert "DURAND" not in page.content.decode()


@pytest.mark.parametrize("lookup", ["birth_name", "birth_name_folded__startswith", "id__exact"])
def test_list_is_not_filtered_by_who_somebody_is(desk, lookup, caplog):
    address = reverse("admin:accounts_titulaire_changelist")

    assert desk.get(address, {lookup: "1"}).status_code == 400
    assert desk.get(address, {"identity_level__exact": "verified"}).status_code == 200


def test_titulaire_is_shown_with_a_masked_number(desk, camille):
    open_file(desk, camille)

    page = desk.get(reverse("admin:accounts_titulaire_change", args=[camille.titulaire.pk]))

    assert "• •• •• •• ••• ••• ••" in page.content.decode()
    assert "2 85" not in page.content.decode()
    assert camille.titulaire.nir.value not in page.content.decode()


def test_reason_of_a_blocked_account_is_changed_alone(desk, camille):
    services.block(user=camille, reason=BlockedReason.UNUSUAL)
    open_file(desk, camille)
    reason = next(one for one in BlockedReason if one != BlockedReason.UNUSUAL)

    answer = desk.post(
        reverse("admin:accounts_user_change", args=[camille.pk]), {"blocked_reason": reason}
    )

    camille.refresh_from_db()
    assert (camille.is_active, camille.blocked_reason) == (False, reason)
    file = reverse("admin:desk_file", args=[camille.titulaire.pk])
    assert answer.headers["Location"] == file
    assert (
        "Le compte est bloqué\u00a0: ses connexions sont fermées" in desk.get(file).content.decode()
    )


def test_reason_without_blocking_is_refused(desk, camille):
    open_file(desk, camille)

    page = desk.post(
        reverse("admin:accounts_user_change", args=[camille.pk]),
        {"is_active": "on", "blocked_reason": BlockedReason.UNUSUAL},
    )

    assert "Décochez cette case" in page.content.decode()
    camille.refresh_from_db()
    assert (camille.is_active, camille.blocked_reason) == (True, "")


def test_address_of_a_mail_to_nobody_is_masked(desk):
    mail = OutgoingMail.objects.create(kind="confirmation", recipient="zoe.martin@example.org")

    page = desk.get(reverse("admin:accounts_outgoingmail_change", args=[mail.pk])).content.decode()

    assert "z•••••@example.org" in page
    assert "zoe.martin" not in page


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
