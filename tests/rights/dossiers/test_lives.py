"""What becomes of the dossiers of an account that ends, and who may see a draft."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.append_only import Immutable
from accounts.models import Titulaire
from accounts.services import erase
from cpf_portal.personal_data import closing
from cpf_portal.retention import RULES
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier, DossierEvent, Rating
from tests.accounts.account import signed_in
from tests.factories import DossierFactory, UserFactory
from tests.rights.dossiers.steps import LATE, bring_to, do, draft, make_session, make_user, send
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db


def test_a_running_dossier_keeps_the_account_open():
    user, client = signed_in(UserFactory())
    give(user.titulaire, 2_000_00)
    dossier = send(draft(user))

    response = client.post(reverse("personal_data:close"), {"is_sure": "on"})

    assert response.status_code == 422
    assert "Un dossier de formation est en cours" in response.content.decode()
    user.refresh_from_db()
    do(dossier, A.CANCEL_REQUEST)
    assert client.post(reverse("personal_data:close"), {"is_sure": "on"}).status_code == 302


def test_a_closed_account_leaves_its_dossiers_without_its_words():
    user = make_user(4_000_00)
    bring_to(S.SETTLED, user=user)
    dossier = bring_to(S.VALIDATED, user=user)
    do(dossier, A.CLAIM_FORCE_MAJEURE, LATE, reason="Hospitalisation")
    do(dossier, A.CANCEL_BY_PROVIDER, LATE, reason="Le formateur est absent.")
    draft(user)

    closing.close(user=user, now=timezone.now())

    assert set(Dossier.objects.values_list("state", flat=True)) == {
        S.SETTLED,
        "cancelled_by_provider",
    }
    assert list(DossierEvent.objects.exclude(reason="").values_list("reason", flat=True)) == [
        "Le formateur est absent."
    ]
    assert not DossierEvent.objects.exclude(author=None).exists()


def test_inactive_people_in_training_are_not_closed(time_machine):
    running, idle = make_user(), make_user()
    bring_to(S.IN_TRAINING, user=running)
    time_machine.move_to(timezone.now() + timedelta(days=731), tick=False)
    for user in (running, idle):
        user.inactivity_noticed_at = timezone.now() - timedelta(days=32)
        user.save()

    assert closing.close_inactive(now=timezone.now()) == 1

    running.refresh_from_db()
    assert running.titulaire.closed_at is None


def test_a_draft_dies_with_the_account_that_made_it():
    user = UserFactory()
    draft(user)

    assert erase(user=user)

    assert not Dossier.objects.exists()
    assert not Titulaire.objects.filter(pk=user.titulaire_id).exists()


def test_a_draft_of_a_former_account_is_seen_by_nobody():
    former = make_user()  # whom the register knows: her identity stays
    session = make_session()
    dossier = draft(former, session)
    titulaire = former.titulaire
    assert not erase(user=former)

    user = UserFactory(titulaire=titulaire)

    assert not Dossier.objects.of(user).exists()
    assert draft(user, session) != dossier
    assert Dossier.objects.of(user).count() == 1


def test_drafts_are_kept_six_months():
    now = timezone.now()
    old = DossierFactory(created_at=now - timedelta(days=184))
    kept, orphan = DossierFactory(), DossierFactory()
    Dossier.objects.filter(pk=orphan.pk).update(user=None)
    rule = next(rule for rule in RULES if rule.what.startswith("Dossiers"))

    assert rule.apply(now, True) == 2
    assert rule.apply(now, False) == 2

    assert list(Dossier.objects.all()) == [kept]
    assert old.pk != kept.pk


def test_the_time_line_is_never_rewritten():
    event = bring_to(S.SETTLED).events.first()

    with pytest.raises(Immutable):
        event.save()
    with pytest.raises(Immutable):
        event.delete()
    with pytest.raises(Immutable):
        DossierEvent.objects.update(reason="")
    assert not Rating.objects.exists()
