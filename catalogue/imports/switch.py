"""From what is laid out (staging) to the catalogue: one transaction, a few statements for all rows.

What the file says again is not written again: only real changes reach the rows, and the index.
"""

from collections.abc import Iterator, Mapping

from django.db import connection, transaction
from django.utils import timezone

from catalogue.changes import OfferChange
from catalogue.imports import references
from catalogue.imports.drafts import COLUMNS, CertificationDraft, ProviderDraft, SessionDraft
from catalogue.imports.report import ConfirmationNeeded, Report
from catalogue.models import Offer, Session

MAX_REMOVED_SHARE = 0.2
IMPORT_LOCK = 5101  # any number that no other advisory lock of this database uses
CHUNK = 5000
# From so many changes on the planner is told at once: it would take the tables for empty ones until
# PostgreSQL looks by itself, a minute later.
MANY_CHANGES = 1000

SAME, CHANGED, NEW = "same", "changed", "new"
SESSION_VALUES = tuple(name for name in SessionDraft._fields if name != "number")

REPEATED = """
    SELECT serial, line, number FROM import_offer AS s WHERE serial > (
        SELECT MIN(serial) FROM import_offer AS t WHERE t.public_id = s.public_id)"""
OF_ANOTHER_SOURCE = """
    SELECT s.serial, s.line, s.number FROM import_offer AS s
    JOIN catalogue_offer AS o ON o.public_id = s.public_id
    WHERE o.source <> %s AND o.removed_at IS NULL"""
COMPARE = """
    UPDATE import_offer SET offer_id = o.id, kind = CASE
        WHEN o.digest = import_offer.digest AND o.source = %s AND o.removed_at IS NULL
        THEN 'same' ELSE 'changed' END
    FROM catalogue_offer AS o WHERE o.public_id = import_offer.public_id"""
MARK_NEW = "UPDATE import_offer SET kind = 'new' WHERE offer_id IS NULL"
FIND_NEW = """
    UPDATE import_offer SET offer_id = o.id FROM catalogue_offer AS o
    WHERE import_offer.kind = 'new' AND o.public_id = import_offer.public_id"""
RESOLVED = """
    FROM import_offer AS s JOIN import_value AS v ON v.serial = s.serial
    JOIN catalogue_provider AS p ON p.siret = s.siret
    LEFT JOIN catalogue_certification AS c ON c.code = s.certification_code"""
# In no order: PostgreSQL would write 700 MB of texts on the disk to sort them.
INSERT_OFFERS = f"""
    INSERT INTO catalogue_offer
        ({", ".join(COLUMNS)}, digest, source, provider_id, certification_id, updated_at)
    SELECT {", ".join(f"v.{name}" for name in COLUMNS)}, s.digest, %s, p.id, c.id, %s
    {RESOLVED} WHERE s.kind = 'new'"""
UPDATE_OFFERS = f"""
    UPDATE catalogue_offer SET {", ".join(f"{name} = s.{name}" for name in COLUMNS)},
        digest = s.digest, source = %s, provider_id = s.p_id, certification_id = s.c_id,
        updated_at = %s, removed_at = NULL
    FROM (SELECT v.*, s.offer_id, s.digest, p.id AS p_id, c.id AS c_id
          {RESOLVED} WHERE s.kind = 'changed') AS s
    WHERE catalogue_offer.id = s.offer_id"""
MATCHED = "import_offer AS o JOIN import_session AS n ON n.serial = o.serial"
OLD_SESSIONS = f"""
    SELECT e.id FROM catalogue_session AS e JOIN import_offer AS c ON c.offer_id = e.offer_id
    WHERE c.kind = 'changed' AND NOT EXISTS (
        SELECT 1 FROM {MATCHED} WHERE o.offer_id = e.offer_id AND n.number = e.number)"""
UPDATE_SESSIONS = f"""
    UPDATE catalogue_session SET {", ".join(f"{name} = m.{name}" for name in SESSION_VALUES)}
    FROM (SELECT o.offer_id AS o_id, n.* FROM {MATCHED} WHERE o.kind = 'changed') AS m
    WHERE catalogue_session.offer_id = m.o_id AND catalogue_session.number = m.number"""
INSERT_SESSIONS = f"""
    INSERT INTO catalogue_session (offer_id, {", ".join(SessionDraft._fields)})
    SELECT o.offer_id, {", ".join(f"n.{name}" for name in SessionDraft._fields)}
    FROM {MATCHED} WHERE o.kind = 'new' OR o.kind = 'changed' AND NOT EXISTS (
        SELECT 1 FROM catalogue_session AS e
        WHERE e.offer_id = o.offer_id AND e.number = n.number)
    ORDER BY n.serial"""
RECORD_CHANGES = """
    INSERT INTO catalogue_offerchange (offer_id, created_at)
    SELECT offer_id, %s FROM import_offer WHERE kind <> 'same'"""
IN_FILE = "SELECT p.id FROM catalogue_provider AS p JOIN import_provider AS i ON i.siret = p.siret"


def switch(
    report: Report,
    *,
    providers: Mapping[str, ProviderDraft],
    certifications: Mapping[str, CertificationDraft],
    is_whole_source: bool = False,
    is_confirmed: bool = False,
    is_dry_run: bool = False,
) -> None:
    """Make the catalogue what the staged file says, for `report.source`, all of it or nothing.

    The offers of the source that the file no longer holds are removed: those of the providers that it
    is about, or all of them with `is_whole_source`. Fills the counts of `report`. Raises
    ConfirmationNeeded when more than MAX_REMOVED_SHARE of them would go without `is_confirmed`.
    """
    with transaction.atomic():
        _wait_for_other_imports()
        _leave_out(report)
        _compare(report)
        removed = _find_removed(report, is_whole_source=is_whole_source, is_confirmed=is_confirmed)
        if is_dry_run:
            return
        references.write_certifications(certifications)
        references.write_providers(providers)
        is_large = report.added + report.changed + report.removed >= MANY_CHANGES
        if is_large:  # else a join would read all the providers again for each offer
            _count_rows_anew("catalogue_provider", "catalogue_certification")
        _write_offers(report.source)
        _write_sessions()
        _remove(removed)
        _record_changes()
        if is_large:
            _count_rows_anew("catalogue_offer", "catalogue_session")


def _wait_for_other_imports() -> None:
    if connection.vendor == "postgresql":  # SQLite has one writer at a time already
        _run("SELECT pg_advisory_xact_lock(%s)", IMPORT_LOCK)


def _moment():
    return connection.ops.adapt_datetimefield_value(timezone.now())


def _run(statement: str, *parameters) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def _rows(statement: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _leave_out(report: Report) -> None:
    """Leave out what the file says twice, and what another source publishes."""
    reasons = {
        (REPEATED,): "ce numéro est déjà dans le fichier pour cet organisme",
        (OF_ANOTHER_SOURCE, report.source): "une autre source publie déjà cette offre",
    }
    for query, reason in reasons.items():
        rows = _rows(*query)
        for _serial, line, number in rows:
            report.refuse(reason, line=line, number=number)
        with connection.cursor() as cursor:
            serials = [(serial,) for serial, *_ in rows]
            cursor.executemany("DELETE FROM import_offer WHERE serial = %s", serials)


def _compare(report: Report) -> None:
    _run(COMPARE, report.source)
    _run(MARK_NEW)
    counts = dict(_rows("SELECT kind, COUNT(*) FROM import_offer GROUP BY kind"))
    report.added = counts.get(NEW, 0)
    report.changed = counts.get(CHANGED, 0)
    report.unchanged = counts.get(SAME, 0)


def _find_removed(report: Report, *, is_whole_source: bool, is_confirmed: bool) -> list[int]:
    scope = Offer.objects.from_source(report.source)
    if not is_whole_source:
        scope = scope.filter(provider__in=[pk for (pk,) in _rows(IN_FILE)])
    kept = {pk for (pk,) in _rows("SELECT offer_id FROM import_offer WHERE offer_id IS NOT NULL")}
    published = list(scope.values_list("pk", flat=True))
    removed = [pk for pk in published if pk not in kept]
    report.removed = len(removed)
    if len(removed) > MAX_REMOVED_SHARE * len(published) and not is_confirmed:
        raise ConfirmationNeeded(
            f"ce fichier retirerait {len(removed)} des {len(published)} offres de la source"
            f" «\u00a0{report.source}\u00a0», plus d’une sur cinq. Si c’est bien voulu,"
            " recommencez en confirmant les retraits (--confirm)"
        )
    return removed


def _write_offers(source: str) -> None:
    now = _moment()
    _run(UPDATE_OFFERS, source, now)
    _run(INSERT_OFFERS, source, now)
    _run(FIND_NEW)


def _write_sessions() -> None:
    _run("CREATE INDEX import_offer_id ON import_offer (offer_id)")
    old = [pk for (pk,) in _rows(OLD_SESSIONS)]
    for chunk in _chunks(old):
        Session.objects.filter(pk__in=chunk).delete()
    _run(UPDATE_SESSIONS)
    _run(INSERT_SESSIONS)


def _remove(offer_ids: list[int]) -> None:
    for chunk in _chunks(offer_ids):
        Offer.objects.filter(pk__in=chunk).update(removed_at=timezone.now())


def _record_changes() -> None:
    if _run(RECORD_CHANGES, _moment()):
        OfferChange.objects.follow()


def _count_rows_anew(*tables: str) -> None:
    if connection.vendor == "postgresql":  # SQLite plans without statistics
        _run(f"ANALYZE {', '.join(tables)}")


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
