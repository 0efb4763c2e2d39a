"""A member of the staff opens files, as the administration asks before it shows them."""

from django.urls import reverse

from accounts.models import User


def open_file(client, user: User, reason: str = "appel du titulaire", **extra):
    """Post the reason and return the answer; the session of `client` is that of a member of the staff."""
    address = reverse("admin:accounts_titulaire_open", args=[user.titulaire.pk])
    return client.post(address, {"reason": reason, **extra})


def sign_in(client, user: User) -> None:
    """Open a session of the staff on `client`, both factors given."""
    client.force_login(user)
