"""Who of the staff may do what: the whole table, frozen in roles.csv, and the groups that it makes."""

from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts import roles
from accounts.models import User
from accounts.roles import PERMISSIONS, Role
from cpf_portal.demo import people
from tests.factories import StaffFactory
from tests.frozen import check_frozen

TABLE = Path(__file__).parent / "roles.csv"
OURS = ("accounts", "catalogue", "rights")
# What no two roles may do together would be everything: these are kept apart.
APART = [
    (Role.SECURITY, "accounts.open_file"),
    (Role.SECURITY, "rights.correct_rights"),
    (Role.RIGHTS, "accounts.manage_staff"),
    (Role.ADVICE, "rights.correct_rights"),
    (Role.CATALOGUE, "accounts.search_people"),
]


def all_permissions() -> list[str]:
    return [
        f"{app}.{name}"
        for app in OURS
        for model in sorted(apps.get_app_config(app).get_models(), key=lambda m: m.__name__)
        for name in (
            *(get_permission_codename(action, model._meta) for action in model._meta.default_permissions),
            *(codename for codename, _ in model._meta.permissions),
        )
    ]  # fmt: skip


def lines() -> list[str]:
    return [
        ",".join(("permission", *Role)),
        *(
            ",".join((label, *("oui" if label in PERMISSIONS[role] else "" for role in Role)))
            for label in all_permissions()
        ),
    ]


def test_the_matrix_is_the_one_that_was_agreed():
    """A line for each permission of each model: what changes here is decided, then written in the file."""
    check_frozen(TABLE, lines())


def test_roles_ask_for_permissions_that_exist():
    assert set().union(*PERMISSIONS.values()) <= set(all_permissions())


@pytest.mark.parametrize(("role", "permission"), APART)
def test_nobody_has_everything(role, permission):
    assert permission not in PERMISSIONS[role]
    assert any(permission in others for others in PERMISSIONS.values())


def test_people_of_the_demonstration_hold_each_role_and_two_those_that_decide_by_two():
    held = Counter(person.role for person in people.STAFF)

    assert set(held) == set(Role)
    assert (held[Role.ADVICE], held[Role.RIGHTS]) == (2, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_permissions_of_an_account_are_those_of_its_role(role):
    user = StaffFactory(roles=[role])

    assert user.get_all_permissions() == PERMISSIONS[role]
    assert roles.roles_of(user) == [role]


@pytest.mark.django_db
def test_permissions_given_to_one_account_count_for_nothing():
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.all())

    assert user.get_all_permissions() == set()
    assert not user.has_perm("accounts.manage_staff")


@pytest.mark.django_db
def test_nobody_is_a_superuser():
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffFactory(is_superuser=True)


@pytest.mark.django_db
def test_sync_roles_puts_the_table_back_and_says_what_changed(capsys):
    group = Group.objects.get(name=Role.READING)
    group.permissions.set(Permission.objects.filter(codename="manage_staff"))
    Group.objects.create(name="ancien")
    StaffFactory().user_permissions.set(Permission.objects.all())

    call_command("sync_roles")
    first = capsys.readouterr().out
    call_command("sync_roles")
    second = capsys.readouterr().out

    assert first.splitlines() == [
        "Rôles\u00a0: groupe «\u00a0ancien\u00a0» retiré.",
        "Rôles\u00a0: rôle «\u00a0lecture\u00a0» mis à jour.",
    ]
    assert second == "Rôles\u00a0: rien à changer.\n"
    assert set(Group.objects.values_list("name", flat=True)) == set(Role)
    assert not User.user_permissions.through.objects.exists()
    assert StaffFactory(roles=[Role.READING]).get_all_permissions() == PERMISSIONS[Role.READING]


@pytest.mark.django_db
def test_sync_roles_names_the_permissions_that_do_not_exist():
    Permission.objects.filter(codename="manage_staff").delete()

    with pytest.raises(CommandError, match=r"accounts\.manage_staff"):
        call_command("sync_roles")
