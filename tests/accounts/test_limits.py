from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.limits import DAY, HOUR, MINUTE, POLICIES, Policy
from accounts.models import RateLimit
from cpf_portal.ui.errors import TooManyRequests
from tests.factories import TitulaireFactory
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
VICTIM, OTHER = "2550814168025", "1850599998001"


def allowed(times: int, action: str = "sign-in", **what: str) -> int:
    """Try `times` times; return how many tries were allowed."""
    return sum(is_allowed(action, **what) for _ in range(times))


def is_allowed(action: str = "sign-in", **what: str) -> bool:
    try:
        limits.hit(action, **what)
    except TooManyRequests:
        return False
    return True


@pytest.mark.parametrize(
    ("action", "what", "limit"),
    [
        ("sign-in", {"ip": HOME, "person": VICTIM}, 5),
        ("sign-up", {"ip": HOME}, 20),
        ("sign-up-mail", {"person": "a@example.org"}, 10),
        ("captcha-issue", {"ip": HOME}, 30),
        ("reset", {"ip": HOME, "person": VICTIM}, 3),
        ("resend", {"person": "7"}, 1),
        ("recovery", {"ip": HOME, "person": VICTIM}, 10),
        ("password-again", {"person": "7"}, 5),
        ("email-change", {"ip": HOME, "person": "7"}, 5),
        ("support", {"ip": HOME, "person": VICTIM}, 5),
        ("contact", {"ip": HOME, "person": "camille@example.org"}, 5),
        ("support-follow", {"ip": HOME}, 30),
        ("franceconnect", {"ip": HOME}, 60),
        ("franceconnect-nir", {"ip": HOME, "person": "sub"}, 5),
        ("nir-search", {"person": "staff:7"}, 60),
        ("second-factor", {"ip": HOME, "person": "7"}, 5),
        ("desk-search", {"person": "staff:7"}, 120),
        ("nir-reveal", {"person": "staff:7"}, 10),
        ("nir-reveal-once", {"person": "a-key"}, 1),
        ("own-number", {"person": "staff:7"}, 5),
        ("desk-mail", {"person": "user:7"}, 6),
        ("desk-same-mail", {"person": "user:7"}, 1),
        ("people-export", {"person": "staff:7"}, 5),
        ("provider-api", {"person": "abcdefgh"}, 120),
        ("provider-key", {"ip": HOME}, 60),
    ],
)
def test_limits_allow_so_many_and_no_more(action, what, limit):
    assert allowed(limit + 5, action, **what) == limit


def test_limits_of_every_action_are_tested_above():
    assert set(POLICIES) == {
        "sign-in",
        "sign-up",
        "sign-up-mail",
        "captcha-issue",
        "reset",
        "resend",
        "recovery",
        "password-again",
        "email-change",
        "support",
        "contact",
        "support-follow",
        "franceconnect",
        "franceconnect-nir",
        "nir-search",
        "second-factor",
        "desk-search",
        "nir-reveal",
        "nir-reveal-once",
        "own-number",
        "desk-mail",
        "desk-same-mail",
        "people-export",
        "provider-api",
        "provider-key",
    }


@pytest.mark.parametrize(
    ("action", "limit", "seconds"),
    [
        ("sign-up", 20, HOUR),
        ("reset", 20, HOUR),
        ("captcha-issue", 30, MINUTE),
        ("sign-in", 50, HOUR),
    ],
)
def test_limits_count_an_address_whoever_it_tries(action, limit, seconds, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    people = (f"personne {number}" for number in range(limit + 10))

    assert sum(is_allowed(action, ip=HOME, person=person) for person in people) == limit
    assert is_allowed(action, ip=ELSEWHERE, person="personne")

    time_machine.shift(seconds)
    assert is_allowed(action, ip=HOME, person="personne")


def test_limits_tell_when_to_come_back(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    allowed(5, ip=HOME, person=VICTIM)
    time_machine.shift(100)

    with pytest.raises(TooManyRequests) as refusal:
        limits.hit("sign-in", ip=HOME, person=VICTIM)

    assert refusal.value.retry_after == 5 * MINUTE - 100


def test_limits_wait_grows_with_the_failures_and_refused_tries_do_not_prolong_it(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    allowed_by_hour = []
    for _ in range(24):
        hour = 0
        for _ in range(6):  # each ten minutes
            hour += allowed(8, ip=HOME, person=VICTIM)
            time_machine.shift(10 * MINUTE)
        allowed_by_hour.append(hour)

    assert allowed_by_hour == [10, 10] + [0] * 22


def test_limits_never_keep_the_victim_out_from_another_address(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)

    for _ in range(12 * 24):
        allowed(3, ip=HOME, person=VICTIM)
        time_machine.shift(5 * MINUTE)

        limits.give_back(limits.hit("sign-in", ip=ELSEWHERE, person=VICTIM))


def test_limits_slow_down_an_account_tried_from_many_addresses():
    addresses = [f"203.0.113.{number}" for number in range(20)]

    by_address = [allowed(10, ip=address, person=VICTIM) for address in addresses]

    assert by_address == [5] * 5 + [2] * 15


def test_limits_give_back_only_the_try_that_succeeded():
    allowed(4, ip=HOME, person=VICTIM)

    limits.give_back(limits.hit("sign-in", ip=HOME, person=VICTIM))

    assert allowed(5, ip=HOME, person=VICTIM) == 1


def test_limits_of_an_address_survive_successes_on_another_account():
    """Own account every fourth try: the trick does not work."""
    failures = 0
    for number in range(80):
        if is_allowed(ip=HOME, person=f"victime {number}"):
            failures += 1
        if number % 4 == 0:
            try:
                limits.give_back(limits.hit("sign-in", ip=HOME, person=OTHER))
            except TooManyRequests:
                continue

    assert failures == 50


def test_limits_take_an_ipv6_network_for_one_visitor():
    assert allowed(30, "sign-up", ip="2001:db8:1:2::1") == 20

    assert not is_allowed("sign-up", ip="2001:db8:1:2:ffff::9")
    assert is_allowed("sign-up", ip="2001:db8:1:3::1")


def test_limits_read_a_mapped_address_as_the_ipv4_one():
    allowed(20, "sign-up", ip=HOME)

    assert not is_allowed("sign-up", ip=f"::ffff:{HOME}")
    assert is_allowed("sign-up", ip=f"::ffff:{ELSEWHERE}")


def test_limits_store_neither_address_nor_number():
    allowed(6, ip=HOME, person=VICTIM)

    stored = str(list(RateLimit.objects.values_list()))

    assert RateLimit.objects.count() == 5
    assert HOME not in stored
    assert VICTIM not in stored


def test_unlock_forgets_what_was_counted_against_one_person():
    titulaire = TitulaireFactory()
    person = titulaire.nir.value
    allowed(6, ip=HOME, person=person)
    allowed(6, ip=HOME, person=OTHER)

    assert limits.unlock(titulaire) > 0

    assert is_allowed(ip=HOME, person=person)
    assert not is_allowed(ip=HOME, person=OTHER)


def test_purge_deletes_the_windows_that_are_over():
    limits.hit("captcha-issue", ip=HOME)
    limits.hit("sign-up", ip=HOME)

    deleted = limits.purge(timezone.now() + timedelta(minutes=2))

    assert deleted == 1
    assert RateLimit.objects.get().pk.startswith("sign-up-ip:")


def test_policy_names_are_distinct_and_windows_at_most_a_day():
    policies = [policy for several in POLICIES.values() for policy in several]
    policies += [policy.beyond for policy in policies if policy.beyond]

    assert len({policy.name for policy in policies}) == len(policies)
    assert all(policy.seconds <= DAY and isinstance(policy, Policy) for policy in policies)


@pytest.mark.django_db(transaction=True)
def test_hit_refuses_to_count_inside_a_transaction():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        limits.hit("sign-up", ip=HOME)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_limits_hold_under_400_parallel_tries():
    verdicts = in_parallel(lambda number: is_allowed("sign-up", ip=HOME), range(400))

    assert verdicts.count(True) == 20


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_limits_and_successes_in_parallel_neither_deadlock_nor_miscount():
    def succeed(number: int) -> None:
        limits.give_back(limits.hit("captcha-issue", ip=HOME))

    assert in_parallel(succeed, range(20)) == [None] * 20

    assert RateLimit.objects.get().hits == 0
