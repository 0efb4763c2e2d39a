"""Writing the register's file: persons, accounts and movements, in one transaction.

Rights exist before any sign-up: the register names the person, her account finds them later (the
information system that keeps the rights of all titulaires: Code du travail, art. L6323-8).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import BinaryIO

from django.db import connection, transaction

from accounts.crypto import blind_index
from accounts.models import Titulaire
from accounts.models.titulaire import is_same_name
from cpf_portal.ui.text import fold
from rights.imports.abondements import create_abondements, unknown_codes
from rights.imports.lines import Line, read_lines
from rights.imports.table import BadLine
from rights.models import POCKET_OF, Movement, MovementKind, RightsAccount
from rights.services import record_all

# Lines written at once: below the 999 parameters that every SQLite takes in one statement.
BATCH_LINES = 900
MAX_BAD_LINES = 100
KEY_PURPOSE = "rights-import"
IMPORT_LOCK = 6323  # any number that no other advisory lock of this database uses

LEGAL_BASIS = {
    MovementKind.YEARLY_CREDIT: "Code du travail, art. L6323-11, L6323-27 ou L6323-34",
    MovementKind.HOURS_CONVERSION: "Décret n° 2018-1153 du 14 décembre 2018",
    MovementKind.DIF: "Ordonnance n° 2019-861 du 21 août 2019, art. 8",
    MovementKind.ABONDEMENT: "Code du travail, art. L6323-4",
}


@dataclass(slots=True)
class Report:
    """What an import did, or would have done: with one bad line nothing is kept."""

    lines: int = 0
    movements_created: int = 0
    already_known: int = 0
    persons_created: int = 0
    bad_count: int = 0
    bad_lines: list[BadLine] = field(default_factory=list)  # the first MAX_BAD_LINES

    def add_bad(self, bad: Iterable[BadLine]) -> None:
        for line in sorted(bad, key=lambda line: line.number):
            self.bad_count += 1
            if len(self.bad_lines) < MAX_BAD_LINES:
                self.bad_lines.append(line)


def import_rights(
    file: BinaryIO, *, today: date, on_progress: Callable[[Report], None] = lambda report: None
) -> Report:
    """Write the register's file (CSV opened in binary) to the ledger, all of it or nothing.

    Read in batches, so in constant memory; `on_progress` is called after each. A line already
    imported, in this file or another, changes nothing. Raises BadFile, and lets the
    IntegrityError pass when a person vanished meanwhile: nothing is written then either.
    """
    report = Report()
    entries = read_lines(file, today=today)
    with transaction.atomic():
        _wait_for_other_imports()
        while batch := list(islice(entries, BATCH_LINES)):
            _import_batch(batch, report)
            on_progress(report)
        if report.bad_count:
            transaction.set_rollback(True)
    return report


def idempotency_key(line: Line) -> str:
    """Return the key of a line: same person, year, kind and source, whatever the case and accents.

    A keyed hash: the number can neither be read nor looked for in it.
    """
    content = "|".join((line.nir_index, str(line.year), line.kind, fold(line.source)))
    return f"import:{blind_index(content, purpose=KEY_PURPOSE)}"


def _wait_for_other_imports() -> None:
    """Let one import run at a time, so that two never wait for each other's accounts."""
    if connection.vendor == "postgresql":  # SQLite has one writer at a time already
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _import_batch(entries: list[Line | BadLine], report: Report) -> None:
    lines = [entry for entry in entries if isinstance(entry, Line)]
    bad = [entry for entry in entries if isinstance(entry, BadLine)]
    persons = _find_or_create_persons(lines, report)
    accounts = _find_or_open_accounts([pk for pk, _ in persons.values()])
    account_of = {}
    for line in lines:
        pk, birth_name_folded = persons[line.nir_index]
        if is_same_name(line.birth_name_folded, birth_name_folded):
            account_of[line] = accounts[pk]
        else:
            bad.append(BadLine(line.number, "le nom n’est pas celui du registre pour ce numéro"))
    bad += _record_new(account_of, report)
    report.lines += len(entries)
    report.add_bad(bad)


def _find_or_create_persons(lines: list[Line], report: Report) -> dict[str, tuple[int, str]]:
    """Return, by NIR index, the key and the folded name of each person of `lines`."""
    wanted = {line.nir_index: line for line in reversed(lines)}
    known = _known_persons(wanted)
    unknown = [line for index, line in wanted.items() if index not in known]
    if not unknown:
        return known
    # A sign-up may create the same person at this moment: hers stays, the names are compared after.
    persons = [_titulaire(line) for line in reversed(unknown)]
    Titulaire.objects.bulk_create(persons, ignore_conflicts=True)
    report.persons_created += len(unknown)
    return _known_persons(wanted)


def _known_persons(indexes: Iterable[str]) -> dict[str, tuple[int, str]]:
    rows = Titulaire.objects.filter(nir_index__in=list(indexes)).values_list(
        "nir_index", "pk", "birth_name_folded"
    )
    return {index: (pk, name) for index, pk, name in rows}


def _titulaire(line: Line) -> Titulaire:
    titulaire = Titulaire(birth_name=line.birth_name, birth_name_folded=line.birth_name_folded)
    titulaire.nir = line.nir
    return titulaire


def _find_or_open_accounts(titulaires: list[int]) -> dict[int, int]:
    """Return, by titulaire, the account of each, opened if needed and locked until the end."""
    accounts = _locked_accounts(titulaires)
    missing = [pk for pk in titulaires if pk not in accounts]
    if not missing:
        return accounts
    RightsAccount.objects.bulk_create(
        [RightsAccount(titulaire_id=pk) for pk in missing], ignore_conflicts=True
    )
    return accounts | _locked_accounts(missing)


def _locked_accounts(titulaires: list[int]) -> dict[int, int]:
    accounts = RightsAccount.objects.filter(titulaire__in=titulaires).order_by("pk")
    return dict(accounts.select_for_update(no_key=True).values_list("titulaire_id", "pk"))


def _record_new(account_of: dict[Line, int], report: Report) -> list[BadLine]:
    """Record the lines that are not known yet; return those that contradict a known one."""
    keys = {line: idempotency_key(line) for line in account_of}
    known = dict(
        Movement.objects.filter(idempotency_key__in=list(keys.values())).values_list(
            "idempotency_key", "amount_cents"
        )
    )
    missing = unknown_codes(line.conditions for line in keys)
    fresh, bad = [], []
    for line, key in keys.items():
        if missing.intersection(line.conditions.certifications):
            bad.append(BadLine(line.number, "une certification n’est pas au catalogue"))
        elif key not in known:
            known[key] = line.amount_cents
            fresh.append((_movement(line, key, account_of[line]), line.conditions))
        elif known[key] == line.amount_cents:
            report.already_known += 1
        else:
            bad.append(BadLine(line.number, "elle est déjà importée avec un autre montant"))
    create_abondements(fresh)
    record_all([movement for movement, _ in fresh])
    report.movements_created += len(fresh)
    return bad


def _movement(line: Line, key: str, account: int) -> Movement:
    return Movement(
        account_id=account,
        kind=line.kind,
        pocket=POCKET_OF[line.kind],
        amount_cents=line.amount_cents,
        effective_on=line.effective_on,
        year=line.year,
        source=line.source,
        legal_basis=LEGAL_BASIS[line.kind],
        idempotency_key=key,
    )
