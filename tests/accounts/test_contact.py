"""A message to the support without a number: kept, limited, masked, answered from the administration."""

import pytest
from django.urls import reverse

from accounts.limits import POLICIES
from accounts.models import OutgoingMail, SupportRequest
from accounts.models.support import CONTACT_KINDS, SupportKind, SupportState
from tests.accounts.account import signed_in
from tests.accounts.pages import text_of
from tests.factories import make_nir

CONTACT = "/contact/"
MESSAGE = {
    "kind": SupportKind.QUESTION.value,
    "contact_email": "reponse@example.org",
    "message": "Comment lire mon solde ?",
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", CONTACT_KINDS)
def test_message_is_kept_acknowledged_and_followed(client, kind):
    response = client.post(CONTACT, MESSAGE | {"kind": kind.value})

    assert response.headers["Location"] == "/assistance/demande/envoyee/"
    asked = SupportRequest.objects.get()
    assert (asked.kind, asked.message, asked.titulaire) == (kind, MESSAGE["message"], None)
    assert asked.readable_reference in text_of(client.get("/assistance/demande/envoyee/"))
    assert OutgoingMail.objects.get().recipient == MESSAGE["contact_email"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choisissez ce que votre message concerne."),
        ({"kind": "nir_taken"}, "Choisissez un objet de la liste."),
        ({"contact_email": "x"}, "Saisissez une adresse de courriel complète"),
        ({"message": " "}, "Écrivez votre message."),
        ({"message": "x" * 1001}, "Écrivez 1000 caractères au plus."),
    ],
)
def test_wrong_message_is_refused_with_a_sentence(client, changes, sentence):
    response = client.post(CONTACT, MESSAGE | changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not SupportRequest.objects.exists()


def test_number_typed_in_the_text_is_neither_kept_nor_shown_again(client):
    nir = make_nir()
    spaced = f"{nir.value[0]} {nir.value[1:3]} {nir.value[3:5]} {nir.value[5:]} {nir.key}"
    text = f"Je suis {spaced}, depuis 2019."

    again = client.post(CONTACT, MESSAGE | {"message": text, "contact_email": "x"})
    client.post(CONTACT, MESSAGE | {"message": text})

    assert "Je suis [numéro masqué], depuis 2019." in text_of(again)
    assert spaced not in again.content.decode()
    assert SupportRequest.objects.get().message == "Je suis [numéro masqué], depuis 2019."


def test_signed_in_person_finds_her_address_and_her_message_is_hers():
    user, client = signed_in()

    assert user.email in client.get(CONTACT).content.decode()
    client.post(CONTACT, MESSAGE)

    assert SupportRequest.objects.get().titulaire == user.titulaire


def test_too_many_messages_wait(client):
    limit = POLICIES["contact"][1].limit

    codes = [client.post(CONTACT, MESSAGE).status_code for _ in range(limit + 1)]

    assert codes == [302] * limit + [429]
    assert SupportRequest.objects.count() == limit


def test_staff_answer_a_message(client, sasha):
    client.post(CONTACT, MESSAGE)
    asked = SupportRequest.objects.get()
    client.force_login(sasha)
    url = reverse("admin:accounts_supportrequest_answer", args=[asked.pk])

    assert MESSAGE["message"] in text_of(client.get(url))
    done = client.post(url, {"decision": "reply", "answer": "Sur la page Mes droits."})

    asked.refresh_from_db()
    assert done.status_code == 302
    assert (asked.state, asked.answer) == (SupportState.CLOSED, "Sur la page Mes droits.")


@pytest.mark.parametrize("page", ["/", "/aide/"])
def test_message_is_offered_where_one_looks_for_help(client, page):
    assert f'href="{CONTACT}"' in client.get(page).content.decode()
