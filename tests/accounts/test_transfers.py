"""A number taken back by the support: its holder signs up under her name, waits, and keeps her account."""

import pytest
from django.utils import timezone

from accounts import services
from accounts.admin_forms import NUMBER_IS_FREE, DecisionForm
from accounts.audit import AuditKind
from accounts.exceptions import DecisionImpossible, RegistrationRefused, ReleaseImpossible
from accounts.models import (
    AuditEvent,
    IdentityLevel,
    NirRelease,
    SupportRequest,
    TakeOver,
    Titulaire,
    User,
)
from accounts.models.support import SupportDecision, SupportKind
from accounts.services import Contact, releases
from rights.models import MovementKind, Pocket
from rights.services import credit
from tests.factories import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def squatted() -> User:
    """Return the account of somebody who gave a wrong name, and whose rights keep the identity."""
    user = UserFactory(titulaire__birth_name="Squatteur")
    credit(
        titulaire=user.titulaire,
        kind=MovementKind.YEARLY_CREDIT,
        pocket=Pocket.CPF,
        amount_cents=50000,
        effective_on=timezone.localdate(),
        source="essai",
        idempotency_key="essai",
    )
    return user


def claim(user: User, kind=SupportKind.NIR_TAKEN) -> SupportRequest:
    nir = user.titulaire.nir
    return services.ask_support(kind=kind, nir=nir, contact_email="vraie@example.org")


def propose(user: User, author: User | None = None) -> NirRelease:
    return services.propose_release(
        titulaire=user.titulaire, author=author or StaffFactory(), reason="pièce d’une autre"
    )


def decide(asked: SupportRequest, decision: SupportDecision, author=None, name: str = "") -> None:
    services.decide(
        request=SupportRequest.objects.get(pk=asked.pk),
        decision=decision,
        answer="Voici notre réponse.",
        author=author or StaffFactory(),
        now=timezone.now(),
        corrected_name=name,
    )


def sign_up(nir, name: str = "Lefèvre") -> User:
    contact = Contact(email="vraie@example.org", phone_mobile="+33639980001")
    return services.register(birth_name=name, nir=nir, contact=contact, password=PASSWORD)


@pytest.mark.parametrize("is_closed", [False, True])
def test_wrong_name_is_corrected_for_a_number_without_account(is_closed):
    squatter = squatted()
    nir, asked = squatter.titulaire.nir, claim(squatter)
    if is_closed:
        services.close_account(user=squatter, now=timezone.now())
    else:
        services.erase(user=squatter)
    with pytest.raises(RegistrationRefused):
        sign_up(nir)

    decide(asked, SupportDecision.CORRECT, name="LEFEVRE")

    assert Titulaire.objects.get().birth_name == ("effacé" if is_closed else "LEFEVRE")
    assert sign_up(nir).titulaire.is_named("Lefèvre")


def test_transfer_writes_the_name_that_was_proved_and_the_rights_wait():
    squatter, agent = squatted(), StaffFactory()
    propose(squatter)

    decide(claim(squatter), SupportDecision.TRANSFER, agent, name="Lefèvre")

    line = AuditEvent.objects.get(kind=AuditKind.TAKEN_OVER)
    assert (line.actor_pk, line.person_pk) == (agent.pk, squatter.pk)
    holder = sign_up(squatter.titulaire.nir)
    services.confirm_email(user=holder, now=timezone.now())
    holder.refresh_from_db()
    assert holder.has_confirmed_email
    assert not holder.has_settled_email(timezone.now())


@pytest.mark.parametrize("is_proposed", [False, True])
def test_transfer_needs_a_proposal_of_another_agent(is_proposed):
    squatter, agent = squatted(), StaffFactory()
    asked = claim(squatter)
    if is_proposed:
        propose(squatter, agent)

    with pytest.raises(DecisionImpossible, match="Deux agents"):
        decide(asked, SupportDecision.TRANSFER, agent)

    assert User.objects.filter(pk=squatter.pk).exists()


def released(user: User) -> None:
    services.approve_release(release=propose(user), author=StaffFactory(), now=timezone.now())


def closed(user: User) -> None:
    services.close_account(user=user, now=timezone.now())


@pytest.mark.parametrize("leave", [released, closed])
@pytest.mark.parametrize("arrange", [squatted, UserFactory], ids=["rights", "no rights"])
def test_claim_of_a_number_that_nobody_bears_any_more_is_answered(client, arrange, leave):
    squatter = arrange()
    nir, asked = squatter.titulaire.nir, claim(squatter)
    leave(squatter)
    takeovers = TakeOver.objects.count()
    form = DecisionForm(SupportRequest.objects.get())
    assert NUMBER_IS_FREE in dict(form.fields["decision"].choices).values()

    decide(asked, SupportDecision.TRANSFER, name="Lefèvre")

    page = client.post("/assistance/suivi/", {"reference": asked.reference}).content.decode()
    assert "Voici notre réponse." in page
    assert "Je crée mon compte" in page
    assert TakeOver.objects.count() == takeovers
    assert sign_up(nir).titulaire.is_named("Lefèvre")


def test_claim_of_a_number_that_is_borne_offers_to_take_it_back():
    labels = dict(DecisionForm(claim(squatted())).fields["decision"].choices)

    assert labels["transfer"] == "Retirer le compte à son détenteur actuel"
    assert "keep" in labels


def test_name_is_not_corrected_under_an_account_that_bears_the_number():
    asked = claim(squatted())

    with pytest.raises(DecisionImpossible, match="porte encore ce numéro"):
        decide(asked, SupportDecision.CORRECT, name="Lefèvre")

    assert Titulaire.objects.get().birth_name == "Squatteur"


def test_second_claim_does_nothing_to_the_account_of_the_holder():
    squatter = squatted()
    first, second, other = claim(squatter), claim(squatter), claim(squatter, SupportKind.NOT_ME)
    propose(squatter)
    decide(first, SupportDecision.TRANSFER, name="Lefèvre")
    holder = sign_up(squatter.titulaire.nir)

    with pytest.raises(DecisionImpossible, match="créé après cette demande"):
        decide(second, SupportDecision.TRANSFER)

    assert User.objects.filter(pk=holder.pk).exists()
    other.refresh_from_db()
    assert other.titulaire is None


def verified(user: User) -> None:
    Titulaire.objects.filter(pk=user.titulaire_id).update(identity_level=IdentityLevel.VERIFIED)


def gone(user: User) -> None:
    User.objects.filter(pk=user.pk).delete()


@pytest.mark.parametrize("meanwhile", [verified, gone])
def test_release_of_an_account_that_changed_meanwhile_is_refused(monkeypatch, meanwhile):
    user = squatted()
    release = propose(user)
    meanwhile(user)
    monkeypatch.setattr(releases, "_withdrawable", lambda titulaire: user)  # read a moment before

    with pytest.raises(ReleaseImpossible):
        services.approve_release(release=release, author=StaffFactory(), now=timezone.now())

    release.refresh_from_db()
    assert release.state == "pending"
