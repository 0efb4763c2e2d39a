"""The whole ledger against the model: any order of events, checked after each of them.

CI runs PORTAL_EXAMPLES stories (200 of 12 events without it), `make test-long` 2,000 of 20 events, in
parts of 200 that the processors share; hypothesis keeps the seeds of its failures in .hypothesis.
"""

import os
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rights import services
from rights.exceptions import LedgerError, NeedsSecondPerson
from rights.models import (
    ClosingReason,
    Declaration,
    DeclarationKind,
    DifDeclaration,
    Pocket,
    Reservation,
    RightsAccount,
)
from tests.factories import CertificationFactory, StaffFactory, TitulaireFactory
from tests.rights.dif import declare, leave_dif_open
from tests.rights.feed import line, run_feed
from tests.rights.invariants import KeptChecks, rows
from tests.rights.ledger import give
from tests.rights.model import Person, Refused

EXAMPLES = int(os.environ.get("PORTAL_EXAMPLES", "200"))
PART = 200
IS_LONG = EXAMPLES > PART
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.timeout(1800 if IS_LONG else 180),
]
STEPS = 20 if IS_LONG else 12
LAST_DAY = date(2026, 6, 1)
CENTS = st.integers(1, 6_000_00)
_feeds = count(1)
HELD = """SELECT cpf_cents, dif_cents, abondement_cents, public_hours,
    cpf_reserved_cents + dif_reserved_cents + abondement_reserved_cents, remaining_cents
    FROM rights_rightsaccount AS account
    LEFT JOIN rights_abondement AS top ON top.account_id = account.id
    WHERE account.id = %s ORDER BY top.id"""


class World:
    """What all the stories find: the staff, two trainings, and the checks of the ledger."""

    def __init__(self):
        leave_dif_open()
        self.staff, self.second = StaffFactory(), StaffFactory()
        self.trainings = {name: CertificationFactory() for name in "AB"}
        self.checks = KeptChecks()


class Ledger(RuleBasedStateMachine):
    world: World

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.titulaire = TitulaireFactory()
        self.account = services.open_account(titulaire=self.titulaire)
        self.today, self.person, self.references = date(2021, 3, 1), Person(), count(1)

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def both(self, ours, model) -> None:
        """Do the same on the ledger and on the model: both accept it or both refuse it."""
        try:
            model()
        except Refused:
            with pytest.raises(LedgerError), transaction.atomic():
                ours()
        else:
            ours()

    @rule(days=st.sampled_from([1, 30, 200, 366]))
    def clock(self, days):
        self.today = min(self.today + timedelta(days=days), LAST_DAY)

    @rule(
        status=st.sampled_from(["salarie", "salarie", "independant", "esat", "agent_public"]),
        share=st.sampled_from([100_00, 50_00, 49_99, 33_33, 1]),
    )
    def yearly_run(self, status, share):
        year = self.today.year - 1
        if status == "agent_public":
            share = 100_00  # part time counts as full time
        text = f"{share // 100},{share % 100:02d}"
        # an employer of its own makes each feed another file
        entry = f"{line(self.titulaire, status, text, year=year)};{next(_feeds):014d}"
        run_feed(entry, year=year, today=self.today, has_employers=True)
        self.person.year(year, status, share)

    @rule(hours=st.integers(1, 120))
    def declare_dif(self, hours):
        def model():
            if self.person.has_declared_dif or self.person.dif_to_take_back:
                raise Refused
            self.person.has_declared_dif = True
            self.person.add("dif", hours * 15_00)

        self.both(lambda: declare(self.titulaire, hours, self.today), model)

    @precondition(lambda self: self.person.has_declared_dif)
    @rule()
    def refuse_dif(self):
        declaration = DifDeclaration.objects.latest_of(self.account)
        services.refuse_dif(
            declaration=declaration, author=self.world.staff, reason="Illisible", today=self.today
        )
        taken = min(self.person.dif, declaration.amount_cents)
        self.person.add("dif", -taken)
        self.person.dif_to_take_back += declaration.amount_cents - taken
        self.person.has_declared_dif = False

    @rule(
        cents=CENTS,
        before=st.booleans(),
        days=st.sampled_from([0, 40, 4000]),
        kept=st.sampled_from(["", "A"]),
    )
    def abondement(self, cents, before, days, kept):
        last = self.today + timedelta(days=days)
        self.person.tops.append({"cents": cents, "before": before, "last": last, "kept": kept})
        services.grant_abondement(
            titulaire=self.titulaire,
            financer="employer",
            financer_name="Employeur",
            amount_cents=cents,
            today=self.today,
            idempotency_key=f"top:{len(self.person.tops)}",
            certifications=[self.world.trainings[kept]] if kept else [],
            expires_on=last,
            is_used_before_cpf=before,
        )

    @rule()
    def expiry(self):
        services.expire_abondements(today=self.today)
        for top in self.person.tops:
            top["cents"] = 0 if top["last"] < self.today else top["cents"]

    @rule(cents=st.integers(-2_000_00, 2_000_00).filter(bool), pocket=st.sampled_from(["cpf"]))
    def correction(self, cents, pocket):
        fields = {
            "account": self.account, "pocket": Pocket(pocket), "amount_cents": cents,
            "reason": "Erreur", "author": self.world.staff,
        }  # fmt: skip

        def ours():
            try:
                services.correct(today=self.today, **fields)
                return
            except NeedsSecondPerson:  # with what the same agent did in the last 30 days
                pass
            key = f"proposal:{next(self.references)}"
            proposal = services.propose_correction(idempotency_key=key, **fields)
            services.approve_correction(
                proposal=proposal, author=self.world.second, today=self.today
            )

        self.both(ours, lambda: self.person.add(pocket, cents))

    @rule(cents=CENTS, training=st.sampled_from("AB"))
    def reserve(self, cents, training):
        reference = f"D{next(self.references)}"
        self.both(
            lambda: services.reserve(
                account=self.account,
                amount_cents=cents,
                reference=reference,
                today=self.today,
                certification=self.world.trainings[training],
            ),
            lambda: self.person.reserve(reference, cents, self.today, training),
        )

    @precondition(lambda self: self.person.held)
    @rule(part=st.fractions(0, 1), data=st.data())
    def spend_or_release(self, part, data):
        reference = data.draw(st.sampled_from(sorted(self.person.held)))
        reservation = Reservation.objects.get(reference=reference)
        spent = int(reservation.amount_cents * part)
        if spent:
            services.spend(reservation=reservation, amount_cents=spent, today=self.today)
        else:
            services.release(reservation=reservation, today=self.today)
        self.person.resolve(reference, spent)

    @rule(hours=st.integers(1, 60))
    def convert(self, hours):
        self.both(
            lambda: services.convert_hours(
                account=self.account,
                hours=hours,
                today=self.today,
                idempotency_key=f"C{next(self.references)}",
            ),
            lambda: self.person.convert(hours),
        )

    @precondition(lambda self: not self.person.is_low)
    @rule()
    def declare_no_diploma(self):
        """From the year of the credit on: it is the past year that the runs credit."""
        self._declare(DeclarationKind.LOW_QUALIFIED)
        self.person.is_low = True

    @precondition(lambda self: not self.person.is_boeth)
    @rule()
    def declare_boeth(self):
        self._declare(DeclarationKind.BOETH)
        self.person.is_boeth = True

    @precondition(lambda self: self.today > date(2023, 1, 1) and not self.person.is_retired)
    @rule()
    def retire(self):
        services.close_account(
            account=self.account, reason=ClosingReason.RETIREMENT, closed_on=self.today
        )
        self.person.is_retired = True

    @invariant()
    def ledger_is_the_model(self):
        found = rows(HELD, [self.account.pk])
        cpf, dif, abondements, hours, reserved, _ = found[0]
        assert (cpf, dif, hours) == (self.person.cpf, self.person.dif, self.person.hours)
        tops = [cents for *_, cents in found if cents is not None]
        assert tops == [top["cents"] for top in self.person.tops]
        assert abondements == sum(tops)
        held = sum(cents for parts in self.person.held.values() for _, cents in parts)
        assert reserved == held
        assert self.world.checks.faults() == []

    def _declare(self, kind):
        Declaration.objects.create(
            titulaire=self.titulaire, kind=kind, declared_on=date(self.today.year - 1, 1, 1)
        )


@pytest.mark.parametrize("part", range(-(-EXAMPLES // PART)))
def test_ledger_follows_the_model(part):
    Ledger.world = World()
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=min(PART, EXAMPLES - part * PART),
            stateful_step_count=STEPS,
            deadline=None,
            **({"derandomize": False} if IS_LONG else {}),  # each part has stories of its own
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_kept_checks_see_what_check_ledger_sees():
    account = give(TitulaireFactory(), 500_00).account
    checks = KeptChecks()
    assert checks.faults() == []

    RightsAccount.objects.filter(pk=account.pk).update(cpf_cents=501_00)

    assert checks.faults() == [
        f"compte {account.pk}, poche cpf\u00a0: solde 50100, somme des mouvements 50000 (centimes)"
    ]
