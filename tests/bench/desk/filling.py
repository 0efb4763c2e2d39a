"""A full portal: BASE people with all that they may have, then copied by SQL until there are enough.

Copies have numbers of nobody: the tasks of the desk are done for the people of the base.
"""

from datetime import timedelta
from itertools import cycle

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from accounts import models as accounts
from accounts.emails import BACK_OFF
from accounts.models.desk import ReleaseState
from accounts.models.support import SupportKind
from accounts.proofs import identity_proofs
from accounts.roles import Role
from catalogue import models as catalogue
from cpf_portal.ui.proofs import PDF, Proof
from rights import models as rights
from rights.dossiers.states import State
from rights.models import DifState
from rights.proofs import dif_proofs
from tests import desk_rows
from tests.factories import StaffFactory

BASE = 1000
# what is asked without signing in, by giving a number
ASKED_BY_NUMBER = {SupportKind.NIR_TAKEN, SupportKind.LOST_EMAIL, SupportKind.BLOCKED}
PAGE = Proof(b"%PDF-1.4\n%%EOF\n", PDF)


def main(people: str) -> None:
    """Fill the database up to `people` titulaires; one that is kept serves again."""
    wanted = int(people)
    if accounts.Titulaire.objects.count() >= wanted:
        return
    base = min(BASE, wanted)
    desk_rows.fill(1, base, agent=StaffFactory(roles=list(Role)))
    vary()
    if wanted >= 2 * base:
        copy(wanted // base - 1)


# --- What differs from one person to the next -------------------------------------------------


def vary() -> None:
    """Give the people of the base what fills every queue of the desk."""
    now = timezone.now()
    _some(accounts.User.objects.citizens(), 50, 11).update(email_confirmed_at=None)
    _some(accounts.User.objects.citizens(), 100, 7).update(spending_frozen_at=now)
    failed = {"sent_at": None, "attempts": len(BACK_OFF), "last_error": "SMTPConnectError"}
    _some(accounts.OutgoingMail, 200, 5).update(**failed)
    releases = _some(accounts.NirRelease, 20, 0, is_others=True)
    agent = StaffFactory()
    releases.update(state=ReleaseState.REFUSED, decided_by=agent, decided_at=now)
    decided = {"resumed_at": now, "resumed_by": agent, "resume_reason": "éclairci"}
    _some(catalogue.ProviderSuspension, 20, 0, is_others=True).update(**decided)
    suspended = catalogue.ProviderSuspension.objects.filter(resumed_at=None)
    catalogue.Provider.objects.filter(suspensions__in=suspended).update(is_suspended=True)
    _vary_requests()
    _vary_dossiers()
    for declaration in rights.DifDeclaration.objects.filter(state=DifState.TO_EXAMINE):
        name, kind = dif_proofs.store(PAGE), PAGE.media_type
        rights.DifDeclaration.objects.filter(pk=declaration.pk).update(
            proof_name=name, proof_type=kind
        )


def _some(rows, every: int, which: int, *, is_others: bool = False):
    """Return one row in `every`, of a model or among `rows`; all the others with `is_others`."""
    rows = rows if hasattr(rows, "filter") else rows.objects.all()
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = [key for place, key in enumerate(keys) if (place % every == which) != is_others]
    return rows.filter(pk__in=chosen)


def _vary_requests() -> None:
    """Requests of each kind wait, those that prove an identity with their proof."""
    waiting = accounts.SupportRequest.objects.open().order_by("pk")
    for asked, kind in zip(waiting, cycle(SupportKind), strict=False):
        asked.kind, asked.is_of_holder = kind, kind not in ASKED_BY_NUMBER
        if kind in {SupportKind.LOST_EMAIL, SupportKind.NIR_TAKEN, SupportKind.CIVIL_STATUS}:
            asked.proof_name, asked.proof_type = identity_proofs.store(PAGE), PAGE.media_type
            asked.birth_name = asked.titulaire.birth_name
        asked.save()


def _vary_dossiers() -> None:
    """Dossiers at each stage; most were asked this month, as after a campaign: the worst for a date."""
    now, today = timezone.now(), timezone.localdate()
    soon, past = today + timedelta(days=20), today - timedelta(days=40)
    asked = {"state": State.REQUESTED, "validated_at": None, "starts_on": soon}
    changes = {
        0: asked | {"due_on": today - timedelta(days=1)},
        1: asked | {"due_on": today + timedelta(days=5)},
        2: {"absence_until": today, "force_majeure_claimed_at": now},
        3: {"fraud_reported_at": now, "starts_on": soon},
        4: {"starts_on": past},
    }
    settled = {"state": State.SETTLED, "closed_at": now, "starts_on": past}
    changes |= {which: {"starts_on": soon} for which in range(5, 49)}
    changes |= dict.fromkeys(range(49, 100), settled)
    changes[6] = {"requested_at": now - timedelta(days=400), "starts_on": soon}
    for which, values in changes.items():
        _some(rights.Dossier, 100, which).update(**values)


# --- Copies -----------------------------------------------------------------------------------


STAFF = {"author", "decided_by", "proposed_by", "revoked_by"}
MOMENTS = {"happened_at", "requested_at", "sent_at"}
EARLIER = {
    "postgresql": "{column} - k.n * interval '5 hours'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || (5 * k.n) || ' hours')",
}


def copy(times: int) -> None:
    """Copy the rows of the people `times` times, by one INSERT … SELECT a table."""
    models = copied()
    steps = {
        model: model.objects.order_by("-pk").values_list("pk", flat=True)[0] for model in models
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            cursor.execute(statement(model, steps, times))
    with connection.cursor() as cursor:
        for reset in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(reset)
        cursor.execute("ANALYZE")


def copied() -> list[type[Model]]:
    """The tables that grow with the people; a table comes after those that it names."""
    return [
        accounts.Titulaire, accounts.User, accounts.AccountEvent, accounts.OutgoingMail,
        accounts.AccountSession, accounts.SupportRequest, accounts.SupportNote,
        rights.RightsAccount, rights.Reservation, rights.Movement, rights.HoursMovement,
        rights.Attestation, rights.Abondement, rights.DifDeclaration, rights.Declaration,
        rights.Dossier,
    ]  # fmt: skip


def statement(model: type[Model], steps: dict[type[Model], int], times: int) -> str:
    """Return the statement that copies a table: keys move by the number of its rows, texts that must be
    unique get the number of the copy."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        columns.append(field.column)
        values.append(value_of(field, model, steps))
    table = model._meta.db_table
    return (
        f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times}) "  # noqa: S608
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM {table} t CROSS JOIN k WHERE t.{model._meta.pk.column} <= {steps[model]}"
    )


def value_of(field, model, steps: dict) -> str:
    column = f"t.{field.column}"
    if field.primary_key:
        return f"{column} + k.n * {steps[model]}"
    if field.remote_field and field.remote_field.model in steps:
        step = steps[field.remote_field.model]
        # who of the staff did it stays
        return column if field.name in STAFF else f"{column} + k.n * {step}"
    if field.name in MOMENTS:  # of three weeks, and not of one day
        return EARLIER[connection.vendor].format(column=column)
    if field.name == "own_nir_index":  # one person of the staff has one account
        return "''"
    if field.name == "email":
        return f"k.n || '.' || {column}"
    if field.unique and field.max_length:
        return f"substr({column}, 1, {field.max_length - 3}) || '~' || k.n"
    return column
