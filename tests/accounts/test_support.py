"""A request to the support: sent with a proof, followed by its reference, answered, traced."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.exceptions import DecisionImpossible, RequestClosed
from accounts.models import (
    AccountEvent,
    BlockedReason,
    EmailChange,
    EventKind,
    IdentityLevel,
    NirRelease,
    OutgoingMail,
    SupportRequest,
    Titulaire,
    User,
)
from accounts.models.support import SupportDecision, SupportKind, SupportState
from accounts.proofs import identity_proofs
from accounts.views import access
from rights.models import MovementKind, Pocket, RightsAccount
from rights.services import credit
from tests.accounts.account import photo, signed_in
from tests.accounts.pages import sign_up, text_of
from tests.factories import StaffFactory, TitulaireFactory, UserFactory, make_nir

ASK, FOLLOW = "/assistance/demande/", "/assistance/suivi/"
CONTACT = "reponse@example.org"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0)


def ask(client=None, nir=None, *, typed_nir="", **changes):
    data = {
        "kind": SupportKind.NIR_TAKEN.value,
        "birth_name": "Durand",
        "nir": typed_nir or (nir or make_nir()).value,
        "contact_email": CONTACT,
        "message": "C’est mon numéro.",
        "proof": photo(),
    }
    return (client or Client()).post(ASK, data | changes)


def request_about(user=None, kind=SupportKind.NIR_TAKEN, **fields) -> SupportRequest:
    return SupportRequest.objects.create(
        kind=kind,
        titulaire=user.titulaire if user else None,
        birth_name="Durand",
        contact_email=CONTACT,
        **fields,
    )


def decide(asked, decision, author=None, **changes):
    if decision == SupportDecision.TRANSFER and asked.titulaire:
        NirRelease.objects.create(
            titulaire=asked.titulaire, proposed_by=StaffFactory(), reason="pièce d’une autre"
        )
    services.decide(
        request=asked,
        decision=decision,
        answer="Voici notre réponse.",
        author=author or StaffFactory(),
        now=timezone.now(),
        **changes,
    )


def test_request_is_kept_with_its_proof_and_acknowledged(client):
    user = UserFactory()

    response = ask(client, user.titulaire.nir)

    assert response.headers["Location"] == "/assistance/demande/envoyee/"
    asked = SupportRequest.objects.get()
    assert asked.titulaire == user.titulaire
    assert b"JFIF" in identity_proofs.load(asked.proof_name)[:20]
    assert b"chez moi" not in identity_proofs.load(asked.proof_name)
    assert asked.readable_reference in text_of(client.get("/assistance/demande/envoyee/"))
    mail = OutgoingMail.objects.get()
    assert (mail.user, mail.recipient, mail.kind) == (None, CONTACT, "support_received")


def test_proof_is_encrypted_on_the_disk(client, var_dir):
    ask(client)

    (file,) = (var_dir / "identites").iterdir()
    assert b"JFIF" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_known_and_unknown_numbers_get_the_same_answer():
    cases = [UserFactory().titulaire.nir, TitulaireFactory().nir, make_nir()]

    answers = [ask(nir=nir) for nir in cases]

    assert {(a.status_code, a.headers["Location"]) for a in answers} == {
        (302, "/assistance/demande/envoyee/")
    }
    assert OutgoingMail.objects.count() == SupportRequest.objects.count() == 3


def test_number_is_kept_nowhere_in_the_request():
    nir = make_nir()

    ask(nir=nir)

    assert nir.value not in str(list(SupportRequest.objects.values()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choisissez l’objet"),
        ({"kind": "civil_status"}, "Choisissez un objet de la liste."),
        ({"typed_nir": "12"}, "Saisissez les 13 caractères"),
        ({"birth_name": "4"}, "Saisissez votre nom avec des lettres"),
        ({"contact_email": "x"}, "Saisissez une adresse de courriel complète"),
        ({"message": "x" * 1001}, "Écrivez 1000 caractères au plus."),
        ({"proof": ""}, "Joignez la copie d’une pièce d’identité."),
        ({"proof": SimpleUploadedFile("a.jpg", b"GIF89a....")}, "Choisissez un fichier PDF"),
        ({"proof": SimpleUploadedFile("a.pdf", b"%PDF-1.7 coupe")}, "Ce PDF est incomplet"),
        (
            {"proof": SimpleUploadedFile("a.pdf", b"%PDF-1.7 /JavaScript %%EOF")},
            "Ce PDF contient un programme",
        ),
        (
            {"proof": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 5_300_000)},
            "Choisissez un fichier de 5\u00a0Mo au plus.",
        ),
    ],
)
def test_wrong_request_is_refused_with_a_sentence_and_kept_nowhere(changes, sentence, var_dir):
    response = ask(**changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not SupportRequest.objects.exists()
    assert not (var_dir / "identites").exists()


def test_request_needs_its_token():
    strict = Client(enforce_csrf_checks=True)

    assert ask(strict).status_code == 403


def test_state_is_read_with_the_reference_however_it_is_typed(client):
    asked = request_about()

    page = client.post(FOLLOW, {"reference": asked.readable_reference.lower()})

    assert "Reçue" in text_of(page)
    assert "Durand" not in text_of(page)
    assert CONTACT not in text_of(page)


def test_wrong_reference_reads_nothing(client):
    request_about()

    response = client.post(FOLLOW, {"reference": "A" * 16})

    assert response.status_code == 422
    assert "Aucune demande ne porte cette référence" in text_of(response)


def test_answer_is_read_with_the_reference(client):
    asked = request_about(UserFactory())
    decide(asked, SupportDecision.KEEP)

    page = text_of(client.post(FOLLOW, {"reference": asked.reference}))

    assert "Traitée" in page
    assert "Voici notre réponse." in page
    assert OutgoingMail.objects.get().kind == "support_answered"


def test_keeping_the_account_changes_nothing_and_is_traced():
    user, agent = UserFactory(), StaffFactory()

    decide(request_about(user), SupportDecision.KEEP, agent)

    event = AccountEvent.objects.get(user=user)
    assert (event.kind, event.author) == (EventKind.SUPPORT_ANSWERED, agent)
    asked = SupportRequest.objects.get()
    assert (asked.decided_by, asked.decision) == (agent, SupportDecision.KEEP)


def test_transfer_takes_the_number_from_the_squatter_and_leaves_the_rights():
    squatter, jar = signed_in(UserFactory(email="squatteur@example.org"))
    titulaire = squatter.titulaire
    credit(
        titulaire=titulaire,
        kind=MovementKind.YEARLY_CREDIT,
        pocket=Pocket.CPF,
        amount_cents=50000,
        effective_on=timezone.localdate(),
        source="essai",
        idempotency_key="essai",
    )
    asked = request_about(squatter)

    decide(asked, SupportDecision.TRANSFER)

    assert not User.objects.filter(pk=squatter.pk).exists()
    assert jar.get("/mon-compte/").status_code == 302
    told = set(OutgoingMail.objects.values_list("recipient", "kind"))
    assert ("squatteur@example.org", "account_transferred") in told
    assert (CONTACT, "support_answered") in told
    assert sign_up(Client(), titulaire.nir, birth_name=titulaire.birth_name).status_code == 302
    assert RightsAccount.objects.get().titulaire == User.objects.get(is_staff=False).titulaire


def test_verified_identity_is_not_taken_away():
    user = UserFactory()
    Titulaire.objects.update(identity_level=IdentityLevel.VERIFIED)
    asked = request_about(user)

    with pytest.raises(DecisionImpossible, match="vérifiée"):
        decide(asked, SupportDecision.TRANSFER)

    assert User.objects.filter(pk=user.pk).exists()
    asked.refresh_from_db()
    assert asked.state == SupportState.RECEIVED


def test_lost_address_is_replaced_only_by_a_proved_one():
    user = UserFactory()

    decide(request_about(user, SupportKind.LOST_EMAIL), SupportDecision.NEW_EMAIL)

    assert EmailChange.objects.get().new_email == CONTACT
    assert User.objects.get(pk=user.pk).email == user.email


def test_blocked_account_is_given_back():
    user = UserFactory()
    services.block(user=user, reason=BlockedReason.UNUSUAL)

    decide(request_about(user, SupportKind.BLOCKED), SupportDecision.UNBLOCK)

    assert User.objects.get(pk=user.pk).is_active


def test_name_is_corrected():
    user = UserFactory()

    decide(
        request_about(user, SupportKind.CIVIL_STATUS),
        SupportDecision.CORRECT,
        corrected_name="Lefèvre",
    )

    assert Titulaire.objects.get().is_named("LEFEVRE")


@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        (SupportKind.NIR_TAKEN, SupportDecision.UNBLOCK),
        (SupportKind.LOST_EMAIL, SupportDecision.TRANSFER),
        (SupportKind.NIR_TAKEN, SupportDecision.CORRECT),  # nobody bears the number
        (SupportKind.LOST_EMAIL, SupportDecision.NEW_EMAIL),
        (SupportKind.CIVIL_STATUS, SupportDecision.CORRECT),
    ],
)
def test_impossible_decision_leaves_the_request_open(kind, decision):
    asked = request_about(kind=kind)

    with pytest.raises(DecisionImpossible):
        decide(asked, decision)

    asked.refresh_from_db()
    assert asked.state == SupportState.RECEIVED
    assert not OutgoingMail.objects.exists()


def test_request_is_answered_once():
    asked = request_about(UserFactory())
    decide(asked, SupportDecision.KEEP)

    with pytest.raises(RequestClosed):
        decide(asked, SupportDecision.TRANSFER)


def test_signed_in_person_asks_for_a_correction_of_her_civil_status():
    user, client = signed_in()

    response = client.post(
        "/mon-compte/etat-civil/", {"birth_name": "Lefèvre", "message": "", "proof": photo()}
    )

    assert response.status_code == 302
    asked = SupportRequest.objects.get()
    assert (asked.kind, asked.titulaire) == (SupportKind.CIVIL_STATUS, user.titulaire)
    assert asked.contact_email == user.email
    assert AccountEvent.objects.filter(user=user, kind=EventKind.SUPPORT_ASKED).exists()


def answer_url(asked, page="answer"):
    return reverse(f"admin:accounts_supportrequest_{page}", args=[asked.pk])


def test_staff_read_the_proof_and_answer(client, sasha, open_files):
    ask(nir=UserFactory().titulaire.nir)
    asked = SupportRequest.objects.get()
    client.force_login(sasha)

    proof = client.get(answer_url(asked, "proof"))
    assert proof.headers["Content-Disposition"].startswith("attachment")
    assert "Durand" in text_of(client.get(answer_url(asked, "change")))
    assert client.get(answer_url(asked)).status_code == 200
    asked.refresh_from_db()
    assert asked.state == SupportState.IN_REVIEW
    assert client.post(answer_url(asked), {"decision": "keep"}).status_code == 422
    done = client.post(answer_url(asked), {"decision": "keep", "answer": "Non."})

    assert done.status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.decided_by) == (SupportState.CLOSED, "Non.", sasha)
    assert client.get(answer_url(asked)).status_code == 302


def test_proof_and_answer_are_for_staff_who_may(client):
    ask()
    asked = SupportRequest.objects.get()
    assert client.get(answer_url(asked, "proof")).status_code == 302
    client.force_login(StaffFactory())

    assert client.get(answer_url(asked, "proof")).status_code == 403
    assert client.get(answer_url(asked)).status_code == 403
    client.force_login(UserFactory())
    assert client.get(answer_url(asked, "proof")).status_code == 302
