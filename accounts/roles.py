"""The roles of the staff: what each may do, in code. Nobody has everything, and nobody is a superuser.

A role is a Group whose permissions are those of this table, no more and no less: `sync_roles` writes
them after each migration. No permission is given to an account by itself.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.models import User
from accounts.models.user import SECURITY_ROLE


class Role(StrEnum):
    READING = "lecture"
    ADVICE = "conseiller"
    RIGHTS = "gestionnaire des droits"
    CATALOGUE = "catalogue"
    SECURITY = SECURITY_ROLE


def _views(app: str, *models: str) -> frozenset[str]:
    return frozenset(f"{app}.view_{model}" for model in models)


def _all(app: str, *models: str) -> frozenset[str]:
    actions = ("view", "add", "change", "delete")
    return frozenset(f"{app}.{action}_{model}" for model in models for action in actions)


# What a call needs: the file of a person, opened with a reason, and nothing that changes it.
FILES = (
    _views("accounts", "titulaire", "user", "accountevent", "accountsession", "outgoingmail")
    | _views(
        "rights", "rightsaccount", "movement", "hoursmovement", "difdeclaration", "abondement",
        "reservation", "attestation", "dossier", "dossierevent", "payment", "correctionproposal",
    )
    | {"accounts.open_file", "accounts.search_people"}
)  # fmt: skip
OFFERS = _views("catalogue", "provider", "certification", "offer", "session", "commune", "synonym")

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.READING: FILES | OFFERS | _views("rights", "parameter"),
    Role.ADVICE: FILES
    | OFFERS
    | _views("accounts", "supportrequest", "replytemplate", "takeover")
    | {
        "accounts.add_replytemplate",
        "accounts.change_replytemplate",
        "accounts.change_user",
        "accounts.change_supportrequest",
        "accounts.change_takeover",
        "accounts.help_user",
        "accounts.freeze_user",
        "accounts.release_nir",
        "accounts.reveal_nir",
        "accounts.write_note",
    },
    Role.RIGHTS: FILES
    | OFFERS
    | _views("accounts", "takeover")
    | _views("rights", "declaration", "yearlyrun", "registerimport", "parameter")
    | {
        "accounts.anonymise_user",
        "accounts.export_people",
        "accounts.release_nir",
        "accounts.write_note",
        "rights.add_abondement",
        "rights.add_hoursmovement",
        "rights.add_parameter",
        "rights.approve_correction",
        "rights.change_dossier",
        "rights.change_rightsaccount",
        "rights.correct_rights",
        "rights.examine_proof",
        "rights.export_movements",
    },
    Role.CATALOGUE: _all("catalogue", "certification", "offer", "session", "synonym")
    | _views("catalogue", "commune", "importreport", "importline", "provider")
    | _views("catalogue", "providersuspension", "indexrebuild")
    | _views("rights", "providercall", "providerkey")
    | {
        "catalogue.add_importreport",
        "catalogue.add_provider",
        "catalogue.change_provider",
        "catalogue.export_offers",
        "catalogue.rebuild_index",
        "catalogue.suspend_provider",
        "rights.add_providerkey",
        "rights.change_providerkey",
    },
    # Who gives the roles sees no file.
    Role.SECURITY: _views("accounts", "auditevent", "ratelimit")
    | {
        "accounts.delete_ratelimit",
        "accounts.manage_staff",
        "accounts.read_audit",
    },
}


class UnknownPermission(Exception):
    """A role asks for permissions that no model declares: they are in the message."""


@transaction.atomic
def sync(*, using: str = "default", is_strict: bool = True) -> list[str]:
    """Make the groups of the database those of PERMISSIONS; return a French sentence for each change.

    Groups that are no role go, with what they gave; so do the permissions given to one account.
    Raises UnknownPermission when `is_strict` and a permission does not exist.
    """
    known = _known_permissions(using)
    if is_strict and (missing := _wanted() - known.keys()):
        raise UnknownPermission(", ".join(sorted(missing)))
    stale = Group.objects.using(using).exclude(name__in=Role)
    told = [f"groupe «\u00a0{name}\u00a0» retiré" for name in stale.values_list("name", flat=True)]
    stale.delete()
    User.user_permissions.through.objects.using(using).all().delete()
    for role, labels in PERMISSIONS.items():
        told += _sync_role(role, {known[label] for label in labels if label in known}, using)
    return told


def assign(user: User, roles: Collection[Role]) -> None:
    """Give `user` these roles and no other; the groups are made where a database lacks them."""
    for role in roles:
        Group.objects.get_or_create(name=role)
    user.groups.set(Group.objects.filter(name__in=roles))


def roles_of(user: User) -> list[Role]:
    """Return the roles of `user`, in the order of the table."""
    names = set(user.groups.values_list("name", flat=True))
    return [role for role in Role if role in names]


def _wanted() -> set[str]:
    return set().union(*PERMISSIONS.values())


def _known_permissions(using: str) -> dict[str, int]:
    """Return the primary key of each wanted permission that exists, by its label."""
    codenames = {label.partition(".")[2] for label in _wanted()}
    rows = Permission.objects.using(using).filter(codename__in=codenames)
    return {
        f"{app}.{codename}": pk
        for pk, app, codename in rows.values_list("pk", "content_type__app_label", "codename")
    }


def _sync_role(role: Role, wanted: set[int], using: str) -> Iterable[str]:
    group, is_new = Group.objects.using(using).get_or_create(name=role)
    rows = Group.permissions.through.objects.using(using)
    held = set(rows.filter(group=group).values_list("permission_id", flat=True))
    rows.filter(group=group, permission_id__in=held - wanted).delete()
    rows.bulk_create(
        Group.permissions.through(group_id=group.pk, permission_id=pk) for pk in wanted - held
    )
    if is_new:
        yield f"rôle «\u00a0{role}\u00a0» créé"
    elif held != wanted:
        yield f"rôle «\u00a0{role}\u00a0» mis à jour"
