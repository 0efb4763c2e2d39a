"""Everything held on a person, found by walking the models: a new table is in it without a word here.

From her account and her identity, every foreign key that leads back to them is followed, and so on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model
from django.utils import timezone

from accounts import limits
from accounts.models import AuditEvent, RateLimit, Titulaire, User
from cpf_portal.ui.formats import euros

# What is not told, and why. A label of a model, or of one of its fields.
HIDDEN = {
    "accounts.User.password": "the hash of a secret",
    "accounts.User.is_superuser": "of the staff only",
    "accounts.User.own_nir_index": "of the staff only",
    "accounts.Titulaire.nir_index": "a keyed hash of the number",
    "accounts.Titulaire.birth_name_folded": "the name again, as it is compared",
    "accounts.AccountSession.session_key": "opens the session to whoever reads it",
    "accounts.RecoveryCode.code_hash": "the hash of a secret",
    "accounts.SupportRequest.proof_name": "the name of a file; the person has sent it",
    "rights.DifDeclaration.proof_name": "the name of a file; the person has sent it",
    "accounts.OutgoingMail.facts": "the words of a mail on its way to the person",
    "accounts.TakeOver.account": "of the account that somebody else had under this number",
    "accounts.TakeOver.signed_up_at": "of the account that somebody else had under this number",
    "accounts.TakeOver.last_seen_at": "of the account that somebody else had under this number",
    "accounts.AuditEvent.actor_pk": "who of the staff: her history says why",
    "accounts.AuditEvent.reason_digest": "a keyed hash",
    "accounts.AuditEvent.mac": "the seal of the line",
    "accounts.RateLimit.key": "keyed hashes",
    "accounts.RateLimit.subject": "a keyed hash of the number",
}
# Relations that lead to somebody else's rows: who of the staff did it.
OF_THE_STAFF = {
    "author", "decided_by", "proposed_by", "resumed_by", "revoked_by", "seen_by",
}  # fmt: skip
# Of these rows, only some are hers.
ONLY_HERS = {"accounts.SupportRequest": {"is_of_holder": True}}
NOT_FOLLOWED = {
    "admin.LogEntry": "what a member of the staff did in the administration",
    "accounts.StaffMember": "of the staff only",
    "accounts.TotpDevice": "of the staff only",
    "auth.Group": "of the staff only",
    "auth.Permission": "of the staff only",
}


@dataclass(slots=True)
class Table:
    """The rows of one kind; each row is a list of (name of the field, value)."""

    label: str
    name: str
    rows: list[list[tuple[str, Any]]] = field(default_factory=list)


def everything_on(user: User) -> list[Table]:
    """Return what the portal holds on `user`, a citizen, table by table; empty tables are left out.

    Values are texts, numbers, booleans or None; moments are of Paris in ISO 8601, amounts in euros.
    """
    tables = [_table(model, rows) for model, rows in _walk(user)]
    tables.append(_table(RateLimit, list(limits.counters_of(user.titulaire))))
    about_her = AuditEvent.objects.about(user_pk=user.pk, titulaire_pk=user.titulaire_id)
    tables.append(_table(AuditEvent, list(about_her)))
    return [table for table in tables if table.rows]


def relations_to(model: type[Model]) -> Iterator[ForeignKey]:
    """Yield the foreign keys that lead to rows of `model` that belong to the same person."""
    for other in apps.get_models():
        if other._meta.label in NOT_FOLLOWED:
            continue
        for candidate in other._meta.local_fields:
            if (
                isinstance(candidate, ForeignKey)
                and candidate.remote_field.model is model
                and candidate.name not in OF_THE_STAFF
            ):
                yield candidate


def _walk(user: User) -> Iterator[tuple[type[Model], list[Model]]]:
    waiting: list[tuple[type[Model], list[Model]]] = [(Titulaire, [user.titulaire]), (User, [user])]
    seen: dict[type[Model], set[Any]] = {Titulaire: {user.titulaire.pk}, User: {user.pk}}
    while waiting:
        model, rows = waiting.pop(0)
        yield model, rows
        for relation in relations_to(model):
            other = relation.model
            known = seen.setdefault(other, set())
            hers = ONLY_HERS.get(other._meta.label, {})
            found = other._base_manager.filter(**{f"{relation.name}__in": rows}, **hers)
            new = [row for row in found.order_by("pk") if row.pk not in known]
            known.update(row.pk for row in new)
            if new:
                waiting.append((other, new))


def _table(model: type[Model], rows: list[Model]) -> Table:
    table = Table(label=str(model._meta.verbose_name), name=model._meta.label)
    shown = [field for field in model._meta.fields if _is_shown(model, field)]
    table.rows = [[(_name(field), _value(row, field)) for field in shown] for row in rows]
    return table


def _is_shown(model: type[Model], field: Field) -> bool:
    return f"{model._meta.label}.{field.name}" not in HIDDEN


def _name(field: Field) -> str:
    return str(field.verbose_name).removesuffix(" (centimes)").removesuffix(" (chiffré)")


def _value(row: Model, field: Field) -> str | int | bool | None:
    if field.name == "encrypted_nir":
        return row.masked_nir
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    value = getattr(row, field.attname)
    if field.name.endswith("_cents") and isinstance(value, int):
        return euros(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)
