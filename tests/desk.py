"""A member of the staff opens files, as the administration asks before it shows them."""

import time

from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Titulaire, TotpDevice, User
from accounts.services import second_factor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def open_file(client, person: User | Titulaire, reason: str = "appel du titulaire", **extra):
    """Post the reason and return the answer; the session of `client` is that of a member of the staff."""
    titulaire = getattr(person, "titulaire", person)
    address = reverse("admin:accounts_titulaire_open", args=[titulaire.pk])
    return client.post(address, {"reason": reason, **extra})


def sign_in(client, user: User) -> None:
    """Open a session of the staff on `client` (any of Django's), both factors given."""
    Client.force_login(client, user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device_of(user).persistent_id
    session.save()


def device_of(user: User) -> TotpDevice:
    """Return the device of `user`, enrolled here if she has none."""
    found = second_factor.device_of(user)
    return found or TotpDevice.objects.create(user=user, name="totp", secret=SECRET)


def code_of(user: User) -> str:
    """Return the code that the device of `user` shows now; it is made new if it has just served."""
    device = device_of(user)
    TotpDevice.objects.filter(pk=device.pk).update(last_step=-1)
    return device.code_at(time.time())
