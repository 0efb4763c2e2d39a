"""An absence costs nothing before the days to claim force majeure are over; the support ends a fraud."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import OutgoingMail, User
from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.audit import wrong_absences
from rights.dossiers.exceptions import InvalidDetail, StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import ActorKind
from rights.dossiers.states import State as S
from rights.models import Dossier, Parameter, ParameterName
from tests.factories import StaffFactory
from tests.rights.dossiers.pages import LIST, page_of, sign_in, step_of
from tests.rights.dossiers.steps import PRICE, PROVIDER, STARTS_ON, at_noon, bring_to, do, pay
from tests.rights.dossiers.test_deadlines import SECOND, midnight_after

pytestmark = pytest.mark.django_db
FIRST_DAY = at_noon(STARTS_ON)  # Monday 26 April 2021
LAST = date(2021, 4, 30)  # four working days later
WORDS = {"reason": "Hospitalisation"}


def absent(state: S = S.VALIDATED, **options) -> Dossier:
    return do(bring_to(state, **options), A.DECLARE_ABSENCE, FIRST_DAY)


def two_agents() -> tuple[Actor, Actor]:
    return Actor.staff(StaffFactory()), Actor.staff(StaffFactory())


def recommend(dossier: Dossier, agent: Actor, **done) -> Dossier:
    return do(dossier, A.RECOMMEND_FORCE_MAJEURE, FIRST_DAY, agent, **WORDS, **done)


def accept(dossier: Dossier, agent: Actor, **done) -> Dossier:
    return do(dossier, A.ACCEPT_FORCE_MAJEURE, FIRST_DAY, agent, **WORDS, **done)


def claimed(state: S) -> Dossier:
    return do(absent(state), A.CLAIM_FORCE_MAJEURE, FIRST_DAY, **WORDS)


def now_of(dossier: Dossier) -> Dossier:
    dossier.refresh_from_db()
    dossier.reservation.refresh_from_db()
    return dossier


@pytest.mark.parametrize("state", [S.VALIDATED, S.IN_TRAINING])
def test_absence_costs_nothing_before_the_last_day_to_claim(state):
    dossier = absent(state)
    assert (dossier.state, dossier.absence_until) == (state, LAST)

    assert services.expire_due(at=midnight_after(LAST) - SECOND) == 0
    assert now_of(dossier).reservation.spent_cents == 0

    assert services.expire_due(at=midnight_after(LAST)) == 1
    assert services.expire_due(at=midnight_after(LAST)) == 0
    assert now_of(dossier).state == S.CANCELLED
    assert dossier.reservation.spent_cents == PRICE
    assert list(wrong_absences()) == []


@pytest.mark.parametrize("state", [S.VALIDATED, S.IN_TRAINING])
def test_claim_keeps_the_money_until_the_support_has_answered(state):
    dossier = do(absent(state), A.CLAIM_FORCE_MAJEURE, midnight_after(LAST) - SECOND, **WORDS)
    long_after = midnight_after(LAST + timedelta(days=60))

    assert services.expire_due(at=long_after) == 0
    done = {"done_percent": 0} if state == S.IN_TRAINING else {}
    recommend(dossier, two_agents()[0], **done)
    do(dossier, A.ACCEPT_FORCE_MAJEURE, long_after, two_agents()[1], **WORDS, **done)

    assert now_of(dossier).state == S.CANCELLED
    assert dossier.reservation.spent_cents == 0


def test_claim_set_aside_lets_the_absence_cost_what_was_told():
    dossier = do(absent(), A.CLAIM_FORCE_MAJEURE, FIRST_DAY, **WORDS)
    after = midnight_after(LAST)
    do(dossier, A.REFUSE_FORCE_MAJEURE, after, Actor.staff(StaffFactory()), **WORDS)

    assert services.apply_deadline(dossier=now_of(dossier), at=after).state == S.CANCELLED
    assert now_of(dossier).reservation.spent_cents == PRICE


def test_claim_that_comes_too_late_is_refused():
    dossier = absent()

    with pytest.raises(StepRefused, match="Formation annulée"):
        do(dossier, A.CLAIM_FORCE_MAJEURE, midnight_after(LAST), **WORDS)

    assert now_of(dossier).state == S.CANCELLED


def test_absence_declared_by_mistake_is_retracted_before_anything_else():
    dossier = absent()
    with pytest.raises(StepRefused, match="la retire d’abord"):
        do(dossier, A.DECLARE_ENTRY, FIRST_DAY)

    do(dossier, A.RETRACT_ABSENCE, FIRST_DAY)

    assert services.expire_due(at=midnight_after(LAST)) == 0
    assert do(dossier, A.DECLARE_ENTRY, midnight_after(LAST)).state == S.IN_TRAINING


def test_absence_waits_while_the_account_is_frozen():
    dossier = absent()
    accounts.freeze_spending(user=dossier.user, now=FIRST_DAY)

    assert services.expire_due(at=midnight_after(LAST)) == 0
    assert services.apply_deadline(dossier=dossier, at=midnight_after(LAST)).state == S.VALIDATED

    accounts.unfreeze_spending(user=dossier.user, author=StaffFactory(), reason="Vu.")
    assert services.expire_due(at=midnight_after(LAST)) == 1


def test_absence_waits_when_the_account_has_gone():
    dossier = absent()
    User.objects.get(pk=dossier.user_id).delete()

    assert services.expire_due(at=midnight_after(LAST)) == 0
    assert services.apply_deadline(dossier=dossier, at=midnight_after(LAST)).state == S.VALIDATED


def test_force_majeure_is_claimed_once_and_once_more_for_an_absence():
    dossier, staff = bring_to(S.IN_TRAINING), Actor.staff(StaffFactory())

    def claim_and_refuse():
        do(dossier, A.CLAIM_FORCE_MAJEURE, FIRST_DAY, **WORDS)
        do(dossier, A.REFUSE_FORCE_MAJEURE, FIRST_DAY, staff, **WORDS)

    claim_and_refuse()
    with pytest.raises(StepRefused, match="déjà refusé"):
        claim_and_refuse()

    do(dossier, A.DECLARE_ABSENCE, FIRST_DAY)
    claim_and_refuse()
    with pytest.raises(StepRefused, match="déjà refusé"):
        claim_and_refuse()

    do(dossier, A.RETRACT_ABSENCE, FIRST_DAY)
    assert do(dossier, A.DECLARE_END, FIRST_DAY).state == S.FINISHED


def test_much_money_is_given_back_for_force_majeure_by_two_people():
    first, second = two_agents()
    dossier = claimed(S.VALIDATED)

    with pytest.raises(StepRefused, match="deux personnes"):  # 1 050 € are above 1 000 €
        accept(dossier, first)
    recommend(dossier, first)
    with pytest.raises(StepRefused, match="deux personnes"):
        accept(dossier, first)
    accept(dossier, second)

    assert now_of(dossier).state == S.CANCELLED
    assert dossier.reservation.spent_cents == 0


def test_two_people_give_back_the_same_share():
    first, second = two_agents()
    dossier = recommend(claimed(S.IN_TRAINING), first, done_percent=60)

    with pytest.raises(InvalidDetail, match="60\u00a0%"):
        accept(dossier, second, done_percent=10)
    recommend(dossier, second, done_percent=10)
    with pytest.raises(StepRefused, match="deux personnes"):
        accept(dossier, second, done_percent=10)
    accept(dossier, first, done_percent=10)

    assert now_of(dossier).reservation.spent_cents == PRICE // 10


def test_recommendation_counts_for_the_claim_that_it_is_about():
    first, second = two_agents()
    dossier = recommend(claimed(S.VALIDATED), first)
    do(dossier, A.REFUSE_FORCE_MAJEURE, FIRST_DAY, first, **WORDS)
    do(dossier, A.RETRACT_ABSENCE, FIRST_DAY)
    do(dossier, A.DECLARE_ABSENCE, FIRST_DAY)
    do(dossier, A.CLAIM_FORCE_MAJEURE, FIRST_DAY, **WORDS)

    with pytest.raises(StepRefused, match="deux personnes"):
        accept(dossier, second)


def test_small_force_majeure_needs_one_person():
    Parameter.objects.filter(name=ParameterName.SECOND_PERSON_ABOVE).update(value=PRICE)

    assert accept(claimed(S.VALIDATED), two_agents()[0]).state == S.CANCELLED


def test_provider_is_paid_nothing_while_a_claim_is_looked_at():
    dossier = do(bring_to(S.IN_TRAINING), A.CLAIM_FORCE_MAJEURE, FIRST_DAY, **WORDS)

    with pytest.raises(StepRefused, match="attend sa décision"):
        do(dossier, A.CANCEL_BY_PROVIDER, FIRST_DAY, PROVIDER, done_percent=100, **WORDS)
    ended = do(dossier, A.CANCEL_BY_PROVIDER, FIRST_DAY, PROVIDER, done_percent=0, **WORDS)

    assert ended.reservation.spent_cents == 0


def test_person_reads_the_last_day_in_her_mail_her_list_and_her_dossier(client, time_machine):
    dossier = absent()
    time_machine.move_to(FIRST_DAY, tick=False)
    sign_in(client, dossier.user)

    mail = OutgoingMail.objects.latest("pk")
    page = client.get(page_of(dossier)).content.decode()

    assert ["Force majeure à déclarer au plus tard le", "30 avril 2021"] in mail.facts["lines"]
    assert "au plus tard le 30 avril 2021" in page
    assert "Déclarer un cas de force majeure" in page
    assert "30 avril 2021" in client.get(LIST).content.decode()


def test_page_promises_no_second_claim(client, time_machine):
    dossier = do(absent(), A.CLAIM_FORCE_MAJEURE, FIRST_DAY, **WORDS)
    do(dossier, A.REFUSE_FORCE_MAJEURE, FIRST_DAY, Actor.staff(StaffFactory()), **WORDS)
    time_machine.move_to(FIRST_DAY, tick=False)
    sign_in(client, dossier.user)

    page = client.get(page_of(dossier)).content.decode()

    assert "n’a pas reconnu le cas de force majeure" in page
    assert "Déclarer un cas de force majeure" not in page
    late = client.get(step_of(dossier, A.CANCEL_LATE)).content.decode()
    assert "Vous perdez les droits engagés" in late
    assert "déclarez-le depuis votre dossier" not in late


# --- Fraud -------------------------------------------------------------------------------------

TRAINED = [S.VALIDATED, S.IN_TRAINING, S.FINISHED]


def report(dossier: Dossier, staff: Actor) -> Dossier:
    return do(dossier, A.REPORT_FRAUD, FIRST_DAY, staff, reason="Inscrite à son insu.")


def cancel(dossier: Dossier, staff: Actor) -> Dossier:
    return do(dossier, A.CANCEL_FOR_FRAUD, FIRST_DAY, staff, reason="Usurpation établie.")


@pytest.mark.parametrize("state", TRAINED)
def test_fraud_is_ended_by_two_people_and_all_the_rights_come_back(state):
    first, second = (Actor.staff(StaffFactory()) for _ in range(2))
    dossier = report(bring_to(state), first)

    with pytest.raises(StepRefused, match="deux personnes"):  # 1 050 € are above 1 000 €
        cancel(dossier, first)
    cancel(dossier, second)

    assert now_of(dossier).state == S.CANCELLED
    assert dossier.reservation.spent_cents == 0
    assert dossier.titulaire.rights_account.available_cents == 2_000_00


def test_who_reported_a_fraud_does_not_give_it_back_in_the_name_of_the_provider():
    first, second = StaffFactory(), StaffFactory()
    dossier = report(bring_to(S.VALIDATED), Actor.staff(first))

    with pytest.raises(StepRefused, match="deux personnes"):
        do(dossier, A.CANCEL_BY_PROVIDER, FIRST_DAY, Actor.provider(staff=first), **WORDS)
    do(dossier, A.CANCEL_BY_PROVIDER, FIRST_DAY, Actor.provider(staff=second), **WORDS)

    assert now_of(dossier).state == S.CANCELLED_BY_PROVIDER


def test_small_fraud_needs_one_person():
    Parameter.objects.filter(name=ParameterName.SECOND_PERSON_ABOVE).update(value=PRICE)
    staff = Actor.staff(StaffFactory())
    dossier = report(bring_to(S.IN_TRAINING), staff)
    do(dossier, A.DISMISS_FRAUD, FIRST_DAY, staff, reason="Rien d’anormal.")

    assert cancel(report(dossier, staff), staff).state == S.CANCELLED


def test_card_payment_of_a_fraud_is_given_back():
    dossier = pay(bring_to(S.PAYING), "accepted")
    first, second = (Actor.staff(StaffFactory()) for _ in range(2))

    cancel(report(dossier, first), second)

    assert dossier.payments.get().refund_cents == dossier.remainder_cents


def test_nothing_is_paid_while_a_fraud_is_looked_at_and_all_goes_on_once_set_aside():
    first, second = two_agents()
    dossier = report(bring_to(S.FINISHED), first)
    with pytest.raises(StepRefused, match="attend sa décision") as refusal:
        do(dossier, A.DECLARE_SERVICE, FIRST_DAY)
    assert "fraude" not in str(refusal.value)  # an inquiry that is told is no more one

    with pytest.raises(StepRefused, match="deux personnes"):
        do(dossier, A.DISMISS_FRAUD, FIRST_DAY, first, reason="Rien d’anormal.")
    do(dossier, A.DISMISS_FRAUD, FIRST_DAY, second, reason="Rien d’anormal.")

    assert do(dossier, A.DECLARE_SERVICE, FIRST_DAY).state == S.SETTLED


def test_fraud_is_cancelled_even_when_the_account_is_frozen():
    dossier = bring_to(S.IN_TRAINING)
    accounts.freeze_spending(user=dossier.user, now=timezone.now())
    first, second = (Actor.staff(StaffFactory()) for _ in range(2))

    assert cancel(report(dossier, first), second).state == S.CANCELLED


@pytest.mark.parametrize("kind", [ActorKind.TITULAIRE, ActorKind.PROVIDER, ActorKind.CLOCK])
def test_only_the_support_reports_a_fraud(kind):
    dossier = bring_to(S.IN_TRAINING)

    with pytest.raises(StepRefused):
        do(dossier, A.REPORT_FRAUD, FIRST_DAY, Actor(kind, dossier.user), reason="Non.")
