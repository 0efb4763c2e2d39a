import pytest
from django.utils import timezone

from accounts.audit import AuditKind
from accounts.franceconnect.exceptions import AccountExists, IdentityMismatch
from accounts.models import (
    AuditEvent,
    EventKind,
    FranceConnectLink,
    IdentityLevel,
    TakeOver,
    Titulaire,
    User,
)
from accounts.services import Contact, close_account
from accounts.services import franceconnect as services
from tests.accounts.franceconnect.test_matching import identity as make_identity
from tests.factories import UserFactory, make_nir
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db
CONTACT = Contact(email="camille@example.org", phone_mobile="+33639980001")


def identity(**changes):
    return make_identity(**{"place": "", "country": "99998"} | changes)


def test_closed_account_is_found_again_by_the_identity_of_its_holder(camille):
    titulaire, nir = camille.titulaire, camille.titulaire.nir
    close_account(user=camille, now=timezone.now())
    assert Titulaire.objects.get().closed_at

    person = identity(name="DURAND", country="99999")
    again = services.register_verified(identity=person, nir=nir, contact=CONTACT)

    assert again.titulaire == titulaire
    assert again.titulaire.nir == nir
    assert (again.titulaire.birth_name, again.titulaire.closed_at) == ("DURAND", None)


def test_unlink_parts_once_and_is_told():
    user = services.register_verified(identity=identity(), nir=make_nir(), contact=CONTACT)

    assert services.unlink(user=user)
    assert not services.unlink(user=user)
    assert [event.kind for event in user.events.all()] == [
        EventKind.FRANCECONNECT_UNLINKED,
        EventKind.FRANCECONNECT_CREATED,
    ]
    assert Titulaire.objects.get().identity_level == IdentityLevel.VERIFIED
    line = AuditEvent.objects.get(kind=AuditKind.FRANCECONNECT_UNLINKED)
    assert (line.actor_pk, line.person_pk) == (user.pk, user.pk)
    services.link(user=user, identity=identity())
    assert AuditEvent.objects.filter(kind=AuditKind.FRANCECONNECT_LINKED, actor_pk=user.pk).exists()


def test_account_joined_to_one_identity_takes_no_other():
    nir = make_nir()
    user = services.register_verified(identity=identity(), nir=nir, contact=CONTACT)
    other = make_identity(place="", country="99998")
    object.__setattr__(other, "sub", "autre")

    with pytest.raises(AccountExists):
        services.link(user=user, identity=other)


def test_staff_have_no_identity_to_join(sasha):
    with pytest.raises(IdentityMismatch):
        services.link(user=sasha, identity=identity())


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_twenty_creations_at_once_make_one_account():
    nir = make_nir()

    def create(_):
        try:
            return services.register_verified(identity=identity(), nir=nir, contact=CONTACT).pk
        except AccountExists:
            return None

    made = [pk for pk in in_parallel(create, range(20)) if pk]

    assert len(made) == 1
    assert (User.objects.count(), Titulaire.objects.count()) == (1, 1)
    assert FranceConnectLink.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_twenty_take_overs_at_once_end_in_one():
    user = UserFactory(titulaire__nir=(nir := make_nir()), titulaire__birth_name="Exemple")

    def seize(_):
        try:
            return services.take_over(identity=identity(), nir=nir, contact=CONTACT).pk
        except AccountExists:
            return None

    (winner,) = [pk for pk in in_parallel(seize, range(20)) if pk]
    assert User.objects.get().pk == winner != user.pk
    assert User.objects.get().events.filter(kind=EventKind.TAKEN_OVER).count() == 1
    assert TakeOver.objects.get().account == user.pk
