"""What each event of the portal tells the audit trail, and that nobody waits long for the next line."""

from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import audit, services
from accounts.audit import AuditKind
from accounts.audit_verifying import Verification
from accounts.exceptions import AccountBlocked
from accounts.models import AccountEvent, AuditEvent, BlockedReason, EventKind
from accounts.models.support import SupportDecision, SupportKind
from catalogue.imports import import_path
from catalogue.models import ImportReport
from cpf_portal.personal_data import closing
from cpf_portal.ui.errors import TooManyRequests
from rights import services as rights
from rights.models import Pocket, RightsAccount
from tests.accounts.account import signed_in
from tests.accounts.pages import sign_in, sign_up
from tests.accounts.test_support import request_about
from tests.catalogue.imports.files import catalogue
from tests.factories import PASSWORD, StaffFactory, UserFactory
from tests.rights.dif import declare
from tests.rights.ledger import give
from tests.rights.test_import_rights_command import HEADER, good_row

pytestmark = pytest.mark.django_db

REASON = "Appel de Zzcanarinom"
NOW = timezone.now
K, D = AuditKind, SupportDecision


def tried(person, typed="faux", times=1):
    for _ in range(times):
        with suppress(TooManyRequests, AccountBlocked):
            authenticate(RequestFactory().post("/"), nir=person.titulaire.nir, password=typed)


def told(before: int = 0) -> list[tuple]:
    """Return (kind, actor, person, facts) of the lines after `before`, oldest first."""
    lines = AuditEvent.objects.filter(position__gt=before).order_by("position")
    return list(lines.values_list("kind", "actor_pk", "person_pk", "facts"))


def corrected(person, staff):
    give(person.titulaire)
    account = RightsAccount.objects.get(titulaire=person.titulaire)
    common = {"account": account, "pocket": Pocket.CPF, "reason": REASON, "author": staff}
    for _ in range(2):  # a double click
        rights.correct(amount_cents=-100, today=timezone.localdate(), idempotency_key="k", **common)
    return rights.propose_correction(amount_cents=200_000, idempotency_key="p", **common)


def moved_email(person):
    change = services.ask_email_change(user=person, new_email="neuve@example.org", now=NOW())
    services.confirm_email_change(change=change, now=NOW())


def examined(person, staff):
    rights.accept_dif(declaration=declare(person.titulaire), author=staff)


def answered(person, staff):
    services.decide(
        request=request_about(person, SupportKind.NIR_TAKEN), decision=D.REFUSE, answer=REASON,
        author=staff, now=NOW(),
    )  # fmt: skip


def imported(tmp_path):
    path = tmp_path / "catalogue.xml"
    path.write_bytes(catalogue())
    import_path(path, ImportReport(file_name=path.name))


# what happens, then the lines: kind, who did it, to whom, the facts
STAFF, HER, NOBODY = "staff", "her", None
SERVICES = {
    "sign-in": (
        lambda p, s: services.open_session(user=p, session_key="k", browser="Firefox", now=NOW()),
        [(K.SIGNED_IN, HER, HER, {})],
    ),
    "sign-in of staff": (
        lambda p, s: services.open_session(user=s, session_key="k", browser="Firefox", now=NOW()),
        [(K.SIGNED_IN, STAFF, STAFF, {})],
    ),
    "password lost": (
        lambda p, s: services.reset_password(user=p, password="Nouveau-Passe-9"),
        [(K.PASSWORD_RESET, HER, HER, {"way": "link"})],
    ),
    "password changed": (
        lambda p, s: services.change_password(user=p, password="Nouveau-9", session_key="k"),
        [(K.PASSWORD_RESET, HER, HER, {"way": "old_password"})],
    ),
    "telephone": (
        lambda p, s: services.change_contact(
            user=p, values={"phone_mobile": "+33639980002"}, kind=EventKind.PHONES_CHANGED
        ),
        [(K.CONTACT_CHANGED, HER, HER, {"what": "phones_changed"})],
    ),
    "e-mail": (
        lambda p, s: moved_email(p),
        [(K.CONTACT_CHANGED, HER, HER, {"what": "email_changed"})],
    ),
    "terms": (
        lambda p, s: (
            type(p).objects.filter(pk=p.pk).update(cgu_version="")
            and services.accept_terms(user=p, now=NOW())
        ),
        [(K.TERMS_ACCEPTED, HER, HER, {"version": "2026-11"})],
    ),
    "not me": (
        lambda p, s: services.freeze_spending(user=p, now=NOW()),
        [(K.FROZEN, HER, HER, {"what": "spending"})],
    ),
    "blocked and given back": (
        lambda p, s: (
            services.block(user=p, reason=BlockedReason.UNUSUAL, author=s)
            and services.unblock(user=p, author=s)
        ),
        [
            (K.FROZEN, STAFF, HER, {"what": "sign_in", "why": "unusual"}),
            (K.UNFROZEN, STAFF, HER, {"what": "sign_in"}),
        ],
    ),
    "closed": (
        lambda p, s: closing.close(user=p, now=NOW()),
        [(K.ANONYMISED, NOBODY, HER, {"is_gone": True})],
    ),
    "never confirmed": (
        lambda p, s: (
            type(p)
            .objects.filter(pk=p.pk)
            .update(email_confirmed_at=None, created_at=NOW() - timedelta(days=16))
            and services.purge_unconfirmed(now=NOW())
        ),
        [(K.ANONYMISED, NOBODY, HER, {"is_gone": True})],
    ),
    "NIR conflict": (
        answered,
        [(K.REQUEST_ANSWERED, STAFF, HER, {"about": "nir_taken", "decision": "refuse"})],
    ),
    "proof": (examined, [(K.PROOF_EXAMINED, STAFF, HER, {"state": "accepted"})]),
    "correction": (
        corrected,
        [
            (K.RIGHTS_CORRECTED, STAFF, HER, {"step": "done", "cents": -100}),
            (K.RIGHTS_CORRECTED, STAFF, HER, {"step": "proposed", "cents": 200_000}),
        ],
    ),
    "purge": (
        lambda p, s: (
            audit.record(kind=K.SEARCHED, actor=s) and audit.purge(before=NOW() + timedelta(days=1))
        ),
        [(K.PURGE, NOBODY, NOBODY, {"last": 1, "lines": 1})],
    ),
}


@pytest.mark.parametrize("name", SERVICES)
def test_service_tells_the_trail_last(name):
    act, expected = SERVICES[name]
    person, staff = UserFactory(), StaffFactory()
    who = {STAFF: staff.pk, HER: person.pk, NOBODY: None}
    written: list[str] = []

    def spy(execute, sql, params, many, context):
        if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(spy):
        act(person, staff)

    assert told() == [(kind, who[actor], who[her], facts) for kind, actor, her, facts in expected]
    # the others wait for this line until the end of the transaction: nothing else is written after it
    assert "accounts_auditmark" in written[-1]
    assert "Zzcanarinom" not in str(AuditEvent.objects.values())
    assert list(Verification().faults()) == []


def test_second_person_is_told_of_what_she_decides():
    person, staff, other = UserFactory(), StaffFactory(), StaffFactory()
    proposal = corrected(person, staff)

    rights.approve_correction(proposal=proposal, author=other, today=timezone.localdate())

    facts = {"step": "approved", "cents": 200_000}
    assert told()[-1] == ("rights_corrected", other.pk, person.pk, facts)
    read = AccountEvent.objects.of(person).filter(kind=EventKind.RIGHTS_CORRECTED)
    assert [event.author for event in read] == [other, staff]


def test_failed_tries_and_the_first_refused_one_are_told():
    person, stranger = UserFactory(), UserFactory.build(titulaire__pk=None)

    tried(stranger)
    tried(person, times=8)

    kinds = [(kind, her) for kind, _, her, _ in told()]
    assert kinds == [
        ("sign_in_failed", None),
        *[("sign_in_failed", person.pk)] * 5,
        ("locked", person.pk),
    ]


def test_right_password_of_a_blocked_account_is_told():
    person = UserFactory(is_active=False, blocked_reason=BlockedReason.DISPUTE)

    tried(person, PASSWORD)

    assert told() == [("sign_in_failed", None, person.pk, {"why": "blocked"})]


def test_citizen_comes_in_and_leaves():
    client = Client()
    sign_up(client)
    client.post("/deconnexion/")

    assert [kind for kind, *_ in told()] == ["signed_up", "signed_in", "signed_out"]


def test_sessions_that_she_ends_are_told():
    person, client = signed_in()
    other = Client()
    sign_in(other, person.titulaire.nir)

    services.close_other_sessions(user=person, kept_key=client.session.session_key)

    assert told()[-1] == ("sessions_ended", person.pk, person.pk, {"sessions": 1})


def test_download_of_her_data_is_told():
    person, client = signed_in()

    client.post("/mon-compte/donnees/json/")

    assert told()[-1] == ("exported", person.pk, person.pk, {"what": "own_data"})


def test_imports_are_told(tmp_path):
    imported(tmp_path)
    path = tmp_path / "registre.csv"
    path.write_text(f"{HEADER}\n{good_row()}\n")
    call_command("import_rights", path, stdout=StringIO())

    (_, _, _, first), (_, _, _, second) = told()
    assert (first["outcome"], second) == ("done", {"outcome": "done", "lines": 1, "movements": 1})
