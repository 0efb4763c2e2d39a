"""What no dossier lets pass: a second place, a frozen account, a card that nobody takes, a wrong day."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from accounts.services import Contact
from accounts.spending import MissingProof, missing_proof
from cpf_portal.personal_data import closing
from rights.dossiers import calendar
from rights.dossiers.actors import Actor
from rights.dossiers.exceptions import InvalidDetail, StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from tests.accounts.account import signed_in
from tests.factories import PASSWORD, OfferFactory
from tests.rights.dossiers.steps import (
    NOW,
    PROVIDER,
    bring_to,
    do,
    draft,
    make_session,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db


def freeze(user: User) -> None:
    accounts.freeze_spending(user=user, now=timezone.now())


# --- One open dossier a session ----------------------------------------------------------------


def test_draft_is_not_moved_to_a_session_that_has_a_dossier():
    user, offer = make_user(), OfferFactory(price_cents=500_00)
    first, second = (make_session(offer=offer, number=number) for number in ("1", "2"))
    send(draft(user, first))
    other = draft(user, second)

    with pytest.raises(InvalidDetail, match="déjà un dossier en cours"):
        do(other, A.MODIFY, session=first)

    other.refresh_from_db()
    assert other.session == second


def test_draft_is_moved_to_a_free_session():
    offer = OfferFactory(price_cents=500_00)
    first, second = (make_session(offer=offer, number=number) for number in ("1", "2"))

    moved = do(draft(make_user(), first), A.MODIFY, session=second)

    assert moved.session == second


# --- « Ce n’est pas moi » ----------------------------------------------------------------------


def test_frozen_account_pays_no_provider_but_is_given_all_back():
    dossier = bring_to(S.IN_TRAINING)
    freeze(dossier.user)
    late = NOW + timedelta(days=60)

    with pytest.raises(StepRefused, match="attend sa décision"):
        do(dossier, A.CANCEL_BY_PROVIDER, late, who=PROVIDER, reason="Fraude", done_percent=50)
    ended = do(dossier, A.CANCEL_BY_PROVIDER, late, who=PROVIDER, reason="Fraude", done_percent=0)

    assert ended.state == S.CANCELLED_BY_PROVIDER
    assert ended.reservation.spent_cents == 0


def test_frozen_account_is_not_closed():
    user = make_user()
    freeze(user)
    user.refresh_from_db()

    with pytest.raises(closing.SpendingFrozen):
        closing.close(user=user, now=timezone.now())

    assert User.objects.filter(pk=user.pk).exists()


def test_page_says_why_a_frozen_account_is_not_closed():
    user, client = signed_in(make_user())
    freeze(user)

    page = client.post(reverse("personal_data:close"), {"is_sure": "on"})

    assert page.status_code == 422
    assert "Ce n’est pas moi" in page.content.decode()


def test_account_opened_again_waits_before_it_spends():
    user = make_user()
    nir, name = user.titulaire.nir, user.titulaire.birth_name
    closing.close(user=user, now=timezone.now())
    contact = Contact(email="autre@example.org", phone_landline="", phone_mobile="+33612345678")

    again = accounts.register(birth_name=name, nir=nir, contact=contact, password=PASSWORD)
    accounts.confirm_email(user=again, now=timezone.now())

    again.refresh_from_db()
    now = timezone.now()
    assert missing_proof(user=again, acr="", now=now) == MissingProof.SETTLING
    assert missing_proof(user=again, acr="", now=now + timedelta(hours=73)) is None


def test_account_opened_again_still_waits_when_the_first_try_was_never_confirmed():
    user = make_user()
    nir, name = user.titulaire.nir, user.titulaire.birth_name
    closing.close(user=user, now=timezone.now())
    contact = Contact(email="autre@example.org", phone_landline="", phone_mobile="+33612345678")
    identity = {"birth_name": name, "nir": nir, "contact": contact, "password": PASSWORD}
    forgotten = accounts.register(**identity)
    User.objects.filter(pk=forgotten.pk).update(created_at=timezone.now() - timedelta(days=16))

    again = accounts.register(**identity)
    accounts.confirm_email(user=again, now=timezone.now())

    again.refresh_from_db()
    assert again.pk != forgotten.pk
    assert again.titulaire.birth_name == name
    assert missing_proof(user=again, acr="", now=timezone.now()) == MissingProof.SETTLING


# --- The card, the days ------------------------------------------------------------------------


def test_nobody_is_led_to_a_payment_that_cannot_be_made(settings):
    dossier = bring_to(S.TO_VALIDATE, has_remainder=True)
    settings.PORTAL_CARD_PAYMENTS = ""

    with pytest.raises(StepRefused, match="carte n’est pas disponible"):
        do(dossier, A.CONFIRM, who=Actor.titulaire(dossier.user))


def test_holidays_are_the_same_for_threads_that_ask_at_once(monkeypatch):
    monkeypatch.setattr(calendar, "_HOLIDAYS", calendar.all_holidays())
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    mays = [date(year, 5, 1) for year in range(2015, 2100)] * 4

    with ThreadPoolExecutor(8) as pool:
        worked = list(pool.map(calendar.is_working_day, mays))
    sys.setswitchinterval(interval)

    assert not any(worked)
