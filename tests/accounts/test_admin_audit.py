"""The audit trail in the administration, and what it tells of any post that tells nothing by itself."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import AccountEvent, AuditEvent, AuditKind, EventKind, TakeOver, TakeOverWay
from catalogue.models import Synonym
from rights.models import RightsAccount
from tests.desk import open_file
from tests.factories import StaffFactory, UserFactory
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db

TRAIL = "/admin/accounts/auditevent/"


@pytest.fixture
def auditor(client, sasha):
    client.force_login(sasha)
    return client


def lines(answer) -> list[int]:
    return [event.position for event in answer.context["cl"].result_list]


def test_trail_is_read_by_kind_person_and_day(auditor, sasha):
    person = UserFactory()
    first = record(kind=AuditKind.FILE_OPENED, actor=sasha, person=person, what="proof")
    second = record(kind=AuditKind.SEARCHED, actor=None, titulaire=person.titulaire)

    for query, wanted in (
        ("?kind__exact=file_opened", {first.position}),
        (f"?kind__exact=searched&q={person.titulaire.pk}", {second.position}),
        ("?q=zoe", set()),
        (f"?q={'9' * 30}", set()),
    ):
        assert set(lines(auditor.get(TRAIL + query))) == wanted, query
    page = auditor.get(f"{TRAIL}{first.position}/change/")
    assert "objet\u00a0: pièce justificative" in page.content.decode()


def test_trail_costs_the_same_with_1_and_50_lines(auditor):
    counts = []
    auditor.get(TRAIL)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert auditor.get(TRAIL).status_code == 200
        counts.append(len(queries))
        for _ in range(50):
            record(kind=AuditKind.SEARCHED, actor=None)

    assert counts[0] == counts[1]


def test_trail_is_for_who_may_read_it_and_nobody_writes_it(client, auditor):
    event = record(kind=AuditKind.SEARCHED, actor=None)
    for address in (f"{TRAIL}add/", f"{TRAIL}{event.position}/delete/"):
        assert auditor.post(address, {"post": "yes"}).status_code == 403
    assert auditor.post(f"{TRAIL}{event.position}/change/", {"kind": "purge"}).status_code == 403

    client.force_login(StaffFactory())

    assert client.get(TRAIL).status_code == 403


def test_post_that_tells_nothing_is_told_with_its_route_and_key_only(auditor, sasha):
    term = Synonym.objects.create(term="zz", meaning="anglais")
    before = AuditEvent.objects.count()

    auditor.post(
        reverse("admin:catalogue_synonym_change", args=[term.pk]),
        {"term": "zz", "meaning": "zzcanarinom"},
    )

    told = AuditEvent.objects.first()
    assert AuditEvent.objects.count() == before + 1
    assert (told.kind, told.actor_pk, told.target_label) == (
        "staff_action", sasha.pk, "catalogue.synonym",
    )  # fmt: skip
    assert told.target_pk == str(term.pk)
    assert told.facts == {"route": "admin:catalogue_synonym_change"}


def test_action_of_a_list_is_told_with_its_rows(auditor):
    now = timezone.now()
    seen = [
        TakeOver.objects.create(
            way=TakeOverWay.SUPPORT, happened_at=now, account=account, signed_up_at=now
        )
        for account in (1, 2)
    ]

    auditor.post(
        reverse("admin:accounts_takeover_changelist"),
        {"action": "see", "_selected_action": [row.pk for row in seen]},
    )

    facts = AuditEvent.objects.first().facts
    assert facts["action"] == "see"
    assert sorted(facts["rows"]) == [row.pk for row in seen]


def test_post_that_does_nothing_is_not_told(auditor):
    term = Synonym.objects.create(term="zz", meaning="anglais")
    before = AuditEvent.objects.count()

    auditor.post(reverse("admin:catalogue_synonym_change", args=[term.pk]), {"term": ""})
    auditor.get(TRAIL)

    assert AuditEvent.objects.count() == before


def test_action_on_the_rights_of_a_person_is_in_her_history(auditor, sasha):
    person = UserFactory()
    give(person.titulaire)
    account = RightsAccount.objects.get(titulaire=person.titulaire)
    open_file(auditor, person)

    auditor.post(
        reverse("admin:rights_rightsaccount_top_up", args=[account.pk]),
        {
            "financer": "employer", "financer_name": "Imprimerie", "amount_cents": "600,00",
            "expires_on": "", "certifications": "", "is_used_before_cpf": "on", "conditions": "",
            "legal_basis": "Code du travail", "idempotency_key": str(uuid4()),
        },
    )  # fmt: skip

    told = AuditEvent.objects.first()
    assert (told.kind, told.person_pk) == ("staff_action", person.pk)
    assert told.facts == {"route": "admin:rights_rightsaccount_top_up"}
    event = AccountEvent.objects.of(person).get(kind=EventKind.STAFF_ACTION)
    assert (event.author, event.detail) == (sasha, "compte de droits")


def test_permission_of_the_trail_stands():
    assert Permission.objects.filter(codename="view_auditevent").exists()
