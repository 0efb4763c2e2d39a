"""What a person does between the button and her account, with the provider of the tests."""

from tests.factories import UserFactory

NAME = "Exemple"
LINK = "/mon-compte/franceconnect/relier/"
START, RETURN = "/franceconnect/connexion/", "/franceconnect/retour/"
IDENTITY, PROOF, ACCOUNT = (
    "/franceconnect/identite/",
    "/franceconnect/preuve/",
    "/franceconnect/compte/",
)


def leave(client, **query):
    """Click the button; return the address at the provider."""
    response = client.get(START, query)
    assert response.status_code == 302, response
    return response.headers["Location"]


def come_back(client, provider, query=None, **answer):
    """Go there, say yes, come back; return the answer of the portal."""
    return client.get(RETURN, provider.accept(leave(client, **(query or {})), **answer))


def leave_to_join(client, **data):
    """Post the button of a signed-in person; return the address at the provider."""
    response = client.post(LINK, data)
    assert response.status_code == 200, response.headers.get("Location")
    return response.headers["Refresh"].removeprefix("0; url=")


def join(client, provider, **data):
    """Join the account of a signed-in person; return the last answer of the portal."""
    return client.get(RETURN, provider.accept(leave_to_join(client, **data)))


def give_number(client, nir, key=None):
    return client.post(IDENTITY, {"nir": nir.value, "nir_key": nir.key if key is None else key})


def contact(**changes):
    return {
        "phone_mobile": "06 39 98 00 01",
        "email": "camille.exemple@example.org",
        "cgu": "on",
    } | changes


def arrive(client, provider, nir, **changes):
    """Do all of a first arrival; return the last answer."""
    come_back(client, provider)
    give_number(client, nir)
    return client.post(ACCOUNT, contact(**changes))


def is_signed_in(client, user):
    return client.session.get("_auth_user_id") == str(user.pk)


def unverified(nir, **fields):
    """Return an account in the name of the provider's person, which nobody verified."""
    return UserFactory(titulaire__nir=nir, titulaire__birth_name=NAME, **fields)
