"""An account that ends unconfirmed leaves what is its holder's, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import (
    IdentityLevel,
    SupportRequest,
    Titulaire,
    User,
)
from accounts.models.support import SupportKind
from accounts.services import Contact
from accounts.services.franceconnect import take_over
from cpf_portal.demo import people
from cpf_portal.ui.proofs import read_proof
from rights import services as rights
from rights.dossiers.states import State
from rights.models import (
    Declaration,
    DeclarationKind,
    DifState,
    RightsAccount,
)
from tests.accounts.account import photo
from tests.cpf_portal.test_personal_data import give_rights
from tests.cpf_portal.test_taken_over import identity_of
from tests.factories import StaffFactory, UserFactory
from tests.rights.dossiers.steps import (
    bring_to,
)

pytestmark = pytest.mark.django_db

GONE, HERS, KEPT = "nothing is left", "new rows only", "of the register or of the ledger"
# A new table with a path to a person must say here what a take-over does to it.


def test_account_that_expires_unconfirmed_leaves_nothing_declared():
    squatter = UserFactory(email_confirmed_at=None, created_at=timezone.now() - timedelta(days=16))
    give_rights(squatter.titulaire)
    rights.declare(
        titulaire=squatter.titulaire, kind=DeclarationKind.BOETH, today=timezone.localdate()
    )

    services.purge_unconfirmed(now=timezone.now())

    assert Titulaire.objects.exists()
    assert not Declaration.objects.exists()


def test_what_the_holder_had_declared_before_she_closed_her_account_stays():
    """A stranger opens the account again and never confirms: her own hours are not taken from her."""
    people.leave_dif_open()
    former = UserFactory()
    declared = rights.declare_dif(
        titulaire=former.titulaire, hours=8, proof=read_proof(photo()), today=timezone.localdate()
    )
    User.objects.update(created_at=timezone.now() + timedelta(seconds=1), email_confirmed_at=None)

    services.purge_unconfirmed(now=timezone.now() + timedelta(days=16))

    declared.refresh_from_db()
    assert declared.state == DifState.TO_EXAMINE
    assert RightsAccount.objects.get().dif_cents == 12000


def expired_of_franceconnect(former) -> User:
    """Take over with an address that is never confirmed, sixteen days ago."""
    holder = take_over(
        identity=identity_of(former.titulaire),
        nir=former.titulaire.nir,
        contact=Contact(email="autre@example.org", phone_mobile="+33639980001"),
    )
    User.objects.filter(pk=holder.pk).update(created_at=timezone.now() - timedelta(days=16))
    return User.objects.get(pk=holder.pk)


@pytest.mark.parametrize("is_given_back", [False, True])
def test_unconfirmed_account_stays_with_its_freeze_and_its_training(is_given_back):
    dossier = bring_to(State.VALIDATED)
    holder = expired_of_franceconnect(dossier.user)
    assert holder.spending_frozen_at
    if is_given_back:  # then the training alone holds it
        services.unfreeze_spending(user=holder, author=StaffFactory())

    assert services.purge_unconfirmed(now=timezone.now()).accounts == 0

    kept = User.objects.select_related("titulaire").get(pk=holder.pk)
    assert bool(kept.spending_frozen_at) is not is_given_back
    assert kept.titulaire.encrypted_nir


def test_verified_account_never_confirmed_leaves_nothing_to_read(
    var_dir, django_capture_on_commit_callbacks
):
    former = UserFactory()
    give_rights(former.titulaire)
    people.leave_dif_open()
    holder = expired_of_franceconnect(former)
    today, proof = timezone.localdate(), read_proof(photo())
    rights.declare(titulaire=holder.titulaire, kind=DeclarationKind.BOETH, today=today)
    rights.declare_dif(titulaire=holder.titulaire, hours=8, proof=proof, today=today)
    services.ask_support(
        kind=SupportKind.QUESTION, nir=None, contact_email="a@example.org", user=holder
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert services.purge_unconfirmed(now=timezone.now()).accounts == 1

    assert not Declaration.objects.exists()
    assert not SupportRequest.objects.exists()
    assert list((var_dir / "pieces").iterdir()) == []
    titulaire = Titulaire.objects.get()
    assert (titulaire.encrypted_nir, titulaire.birth_name) == ("", "effacé")
    assert titulaire.identity_level == IdentityLevel.DECLARED
