"""Each line of docs/retention.md, at its limit and just before it."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from captcha.models import CaptchaStore
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import audit, limits, services
from accounts.models import (
    AccountEvent,
    AccountSession,
    AuditEvent,
    AuditKind,
    EmailChange,
    OutgoingMail,
    RateLimit,
    SupportRequest,
    Titulaire,
    User,
)
from accounts.models.mail import MailKind
from accounts.models.support import SupportDecision, SupportKind, SupportState
from accounts.proofs import identity_proofs
from accounts.services.closing import CLOSED_AFTER, MONTH, NOTICE_AFTER
from cpf_portal.personal_data import closing
from cpf_portal.retention import RULES
from cpf_portal.ui.proofs import PNG, Proof
from rights import yearly
from rights.models import Activity, DifDeclaration, ProviderCall, ProviderOrder
from rights.proofs import dif_proofs
from rights.services import accept_dif, record_provider_call
from tests.accounts.account import signed_in
from tests.factories import StaffFactory, TitulaireFactory, UserFactory
from tests.rights.dif import declare
from tests.rights.feed import feed, line
from tests.rights.test_provider_keys import make

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)


def apply(*options: str) -> str:
    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    return out.getvalue()


def idle(age, **fields) -> User:
    moment = timezone.now() - age
    return UserFactory(created_at=moment - timedelta(days=9), last_login=moment, **fields)


def dump() -> dict:
    """Return the number of rows of each table."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counts = {}
        for name in names:
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')  # noqa: S608 our own table names
            counts[name] = cursor.fetchone()[0]
    return counts


def test_page_and_code_tell_the_same_table():
    page = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    lines = [line.split(" | ")[:2] for line in page.splitlines() if line.startswith("| ")][2:]

    told = [(what.removeprefix("| "), delay) for what, delay in lines]

    assert told == [
        (rule.what.replace("\u00a0", " "), rule.delay.replace("\u00a0", " ")) for rule in RULES
    ]


def test_notice_comes_at_23_months_once():
    told, early = idle(NOTICE_AFTER + SECOND), idle(NOTICE_AFTER - SECOND)

    apply()
    apply()

    assert list(OutgoingMail.objects.values_list("user", "kind")) == [
        (told.pk, MailKind.INACTIVITY)
    ]
    assert User.objects.filter(pk=early.pk, inactivity_noticed_at=None).exists()


def test_account_is_closed_at_24_months_a_month_after_the_notice():
    now = timezone.now()
    due = idle(CLOSED_AFTER + SECOND, inactivity_noticed_at=now - MONTH)
    early = idle(CLOSED_AFTER - SECOND, inactivity_noticed_at=now - MONTH)
    untold = idle(CLOSED_AFTER + SECOND)
    just_told = idle(CLOSED_AFTER + SECOND, inactivity_noticed_at=now - MONTH + SECOND)

    apply()

    assert set(User.objects.all()) == {early, untold, just_told}
    assert not Titulaire.objects.filter(pk=due.titulaire.pk).exists()
    closed = OutgoingMail.objects.get(kind=MailKind.ACCOUNT_CLOSED)
    assert (closed.user, closed.recipient) == (None, due.email)


def test_person_who_comes_back_is_idle_no_more():
    user = idle(CLOSED_AFTER + SECOND, inactivity_noticed_at=timezone.now() - MONTH)
    signed_in(user)

    apply()

    user.refresh_from_db()
    assert user.inactivity_noticed_at is None


def test_account_whose_holder_comes_back_or_is_frozen_meanwhile_is_left(monkeypatch):
    now = timezone.now()
    back, frozen, due = (
        idle(CLOSED_AFTER + SECOND, inactivity_noticed_at=now - MONTH) for _ in range(3)
    )
    listed = services.inactive_to_close(now=now)
    User.objects.filter(pk=back.pk).update(last_login=now)
    User.objects.filter(pk=frozen.pk).update(spending_frozen_at=now)
    monkeypatch.setattr(services, "inactive_to_close", lambda **_: listed)

    closed = closing.close_inactive(now=now)

    assert closed == 1
    assert set(User.objects.all()) == {back, frozen}
    assert not User.objects.filter(pk=due.pk).exists()


def test_staff_are_never_closed():
    moment = timezone.now() - timedelta(days=2000)
    StaffFactory(created_at=moment, last_login=moment, inactivity_noticed_at=moment)

    apply()

    assert User.objects.count() == 1


def mail(**fields) -> int:
    created = OutgoingMail.objects.create(user=UserFactory(), kind=MailKind.CONFIRMATION)
    OutgoingMail.objects.filter(pk=created.pk).update(**fields)
    return created.pk


def test_mails_go_after_30_days():
    now, limit = timezone.now(), timedelta(days=30)
    sent, given_up = (
        mail(sent_at=now - limit - SECOND),
        mail(created_at=now - limit - SECOND, attempts=7),
    )
    kept = [
        mail(sent_at=now - limit),
        mail(created_at=now - limit, attempts=7),
        mail(created_at=now - limit - SECOND, attempts=6),
    ]

    apply()

    assert sorted(OutgoingMail.objects.values_list("pk", flat=True)) == kept
    assert not {sent, given_up} & set(kept)


def test_history_goes_after_a_year(time_machine):
    user = UserFactory()
    services.record(user=user, kind="signed_in")
    time_machine.shift(timedelta(days=365))
    services.record(user=user, kind="signed_in")
    apply()
    assert AccountEvent.objects.count() == 2

    time_machine.shift(1)
    apply()

    assert AccountEvent.objects.count() == 1


def test_audit_trail_goes_after_a_year(time_machine):
    audit.record(kind=AuditKind.SEARCHED, actor=None)
    time_machine.shift(timedelta(days=365))
    audit.record(kind=AuditKind.SEARCHED, actor=None)
    apply()
    assert AuditEvent.objects.count() == 2

    time_machine.shift(1)
    assert "Piste d’audit (1\u00a0an)\u00a0: 1" in apply("--dry-run")
    apply()

    assert [event.kind for event in AuditEvent.objects.all()] == ["purge", "searched"]


def test_calls_of_the_providers_software_go_after_a_year_and_its_orders_after_a_week():
    now = timezone.now()
    key, _ = make()
    calls = [
        record_provider_call(key=key, operation="list", status=200, now=now - age)
        for age in (timedelta(days=365), timedelta(days=365) + SECOND)
    ]
    orders = [ProviderOrder.objects.create(key=key, idempotency_key=f"{i}") for i in range(2)]
    ProviderOrder.objects.filter(pk=orders[0].pk).update(done_at=now - timedelta(days=7))
    ProviderOrder.objects.filter(pk=orders[1].pk).update(done_at=now - timedelta(days=7) - SECOND)

    apply()

    assert list(ProviderCall.objects.all()) == calls[:1]
    assert list(ProviderOrder.objects.all()) == orders[:1]


def test_short_lived_rows_go(time_machine):
    signed_in(UserFactory())
    services.ask_email_change(user=UserFactory(), new_email="neuve@example.org", now=timezone.now())
    limits.hit("reset", ip="192.0.2.1", person="x")
    CaptchaStore.generate_key()
    time_machine.shift(timedelta(days=1, seconds=1))

    apply()

    for model in (AccountSession, EmailChange, RateLimit, CaptchaStore):
        assert not model.objects.exists(), model


def test_rows_that_still_serve_stay():
    signed_in(UserFactory())
    services.ask_email_change(user=UserFactory(), new_email="neuve@example.org", now=timezone.now())
    limits.hit("reset", ip="192.0.2.1", person="x")
    before = dump()

    apply()

    assert dump() == before


def test_activity_of_a_run_that_never_ended_goes_after_30_days(time_machine):
    stream = feed(line(TitulaireFactory()))

    def read():
        run = yearly.open_run(stream, year=2021, name="dsn.csv", today=timezone.localdate())
        return yearly.load_feed(run, stream)

    read()
    time_machine.shift(timedelta(days=30))
    apply()
    assert Activity.objects.count() == 1

    time_machine.shift(1)
    assert "inachevée (30\u00a0jours)\u00a0: 1" in apply("--dry-run")
    apply()
    assert not Activity.objects.exists()

    assert yearly.credit_everybody(read()).credited == 1  # the same file is read again


def decided(age) -> SupportRequest:
    return SupportRequest.objects.create(
        kind=SupportKind.NIR_TAKEN,
        birth_name="Durand",
        contact_email="a@example.org",
        state=SupportState.CLOSED,
        decision=SupportDecision.KEEP,
        answer="Non.",
        decided_at=timezone.now() - age,
        proof_name=identity_proofs.store(Proof(b"png", PNG)),
        proof_type=PNG,
    )


def test_proof_goes_30_days_after_the_answer_and_the_request_after_a_year(var_dir):
    month, year = timedelta(days=30), timedelta(days=365)
    kept, worn, old = decided(month), decided(month + SECOND), decided(year + SECOND)

    apply()

    assert [f.name for f in (var_dir / "identites").iterdir()] == [kept.proof_name]
    worn.refresh_from_db()
    assert worn.proof_name == ""
    assert not SupportRequest.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize(
    ("age", "left"), [(timedelta(days=365), 1), (timedelta(days=365, seconds=1), 0)]
)
def test_request_without_a_decision_goes_after_a_year(age, left):
    request = SupportRequest.objects.create(
        kind=SupportKind.NIR_TAKEN, birth_name="Durand", contact_email="a@example.org"
    )
    SupportRequest.objects.update(created_at=timezone.now() - age)

    apply()

    assert SupportRequest.objects.filter(pk=request.pk).count() == left


def test_proof_of_no_request_goes_after_a_day(var_dir):
    import os  # noqa: PLC0415

    lost, young = (
        identity_proofs.store(Proof(b"png", PNG)),
        identity_proofs.store(Proof(b"png", PNG)),
    )
    for name, age in ((lost, 86401), (young, 86399)):
        moment = timezone.now().timestamp() - age
        os.utime(var_dir / "identites" / name, (moment, moment))

    apply()

    assert [f.name for f in (var_dir / "identites").iterdir()] == [young]


def test_dif_proof_goes_a_year_after_its_examination(django_capture_on_commit_callbacks):
    names = {}
    for what, age in (("worn", 366), ("kept", 364), ("waiting", None)):
        declaration = declare(TitulaireFactory())
        if age:
            accept_dif(declaration=declaration, author=StaffFactory())
            moment = timezone.now() - timedelta(days=age)
            DifDeclaration.objects.filter(pk=declaration.pk).update(decided_at=moment)
        names[what] = declaration.proof_name

    with django_capture_on_commit_callbacks(execute=True):
        apply()

    left = {name for name, _ in dif_proofs.names()}
    assert left == {names["kept"], names["waiting"]}
    assert DifDeclaration.objects.get(proof_name="").state == "accepted"


def test_dry_run_counts_and_changes_nothing():
    idle(NOTICE_AFTER + SECOND)
    idle(CLOSED_AFTER + SECOND, inactivity_noticed_at=timezone.now() - MONTH)
    UserFactory(email_confirmed_at=None, created_at=timezone.now() - timedelta(days=16))
    mail(sent_at=timezone.now() - timedelta(days=31))
    decided(timedelta(days=366))
    before = dump()

    report = apply("--dry-run")

    assert dump() == before
    assert "avertissement par courriel (23\u00a0mois)\u00a0: 1" in report
    assert "fermeture (24\u00a0mois)\u00a0: 1" in report
    assert "Demandes à l’assistance traitées (1\u00a0an)\u00a0: 1" in report


def test_twice_changes_nothing_more():
    idle(NOTICE_AFTER + SECOND)
    decided(timedelta(days=366))
    apply()
    before = dump()

    report = apply()

    assert dump() == before
    assert all(line.endswith("\u00a0: 0") for line in report.splitlines())
