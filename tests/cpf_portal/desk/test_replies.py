import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import emails
from accounts.models import AccountEvent, AuditEvent, OutgoingMail, ReplyTemplate, SupportRequest
from accounts.models.mail import MailKind
from accounts.models.replies import VARIABLES, validate_variables
from accounts.models.support import SupportKind
from accounts.reply_texts import TEXTS, load
from accounts.roles import Role
from cpf_portal.desk.replies import replies_for
from tests.desk import open_file, sign_in
from tests.factories import StaffFactory, make_nir

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return StaffFactory(roles=[Role.ADVICE])


@pytest.fixture
def desk(client, agent):
    sign_in(client, agent)
    return client


def ready(body, kind="", title="Essai", subject="Votre demande"):
    return ReplyTemplate.objects.create(title=title, kind=kind, subject=subject, body=body)


def ask(user, kind=SupportKind.QUESTION, is_of_holder=True):
    return SupportRequest.objects.create(
        kind=kind,
        titulaire=user.titulaire,
        is_of_holder=is_of_holder,
        contact_email="ailleurs@example.org",
        message="Bonjour",
    )


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.title)
def test_texts_of_every_portal_are_valid(text):
    assert ReplyTemplate.objects.filter(title=text.title).exists()
    ReplyTemplate(**text._asdict()).clean_fields()
    assert "\n\n" in text.body


def test_texts_are_loaded_once_and_never_over_what_was_changed():
    ReplyTemplate.objects.filter(title=TEXTS[0].title).update(body="changé")

    assert load(ReplyTemplate) == 0
    assert ReplyTemplate.objects.get(title=TEXTS[0].title).body == "changé"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bonjour {prenom}", "Variable inconnue"),
        ("Votre numéro {nir}", "Variable inconnue"),
        ("Bonjour {nom", "accolade"),
        ("Bonjour nom}", "accolade"),
        ("Le 2 85 05 99 998 001 est pris", "numéro de sécurité sociale"),
    ],
)
def test_variable_that_nobody_fills_in_is_refused(text, said, desk):
    with pytest.raises(ValidationError, match=said):
        validate_variables(text)

    form = {"title": "Nouveau", "kind": "", "subject": "Objet", "body": text, "is_active": "on"}
    page = desk.post(reverse("admin:accounts_replytemplate_add"), form)

    assert said in page.content.decode()
    assert not ReplyTemplate.objects.filter(title="Nouveau").exists()


def test_known_variables_are_taken(desk):
    body = " ".join(f"{{{name}}}" for name in VARIABLES)
    form = {"title": "Nouveau", "kind": "", "subject": "Objet", "body": body, "is_active": "on"}

    assert desk.post(reverse("admin:accounts_replytemplate_add"), form).status_code == 302
    assert ReplyTemplate.objects.get(title="Nouveau").body == body


def test_answer_is_chosen_filled_changed_and_sent(desk, camille, mailoutbox):
    asked = ask(camille)
    template = ready("Vos droits sont de {montant}. Dossier {dossier}.", SupportKind.QUESTION)
    open_file(desk, camille)
    address = reverse("admin:accounts_supportrequest_answer", args=[asked.pk])

    page = desk.get(f"{address}?modele={template.pk}")
    text = page.context["form"]["answer"].value()
    assert text.startswith("Vos droits sont de 1105,00\u00a0€.")

    posted = {"decision": "reply", "subject": template.subject, "answer": text}
    refused = desk.post(address, posted)
    assert refused.status_code == 422
    assert "entre crochets" in refused.content.decode()

    desk.post(address, posted | {"answer": "Vos droits sont de 1105,00 €."})
    asked.refresh_from_db()
    assert asked.answer == "Vos droits sont de 1105,00 €."
    mail = OutgoingMail.objects.get(kind=MailKind.SUPPORT_ANSWERED)
    assert emails.build(mail).subject == "Votre demande"


def test_request_of_a_stranger_is_told_nothing_of_the_rights(camille):
    ready("Droits\u00a0: {montant}, {nom}. Demande {demande}.")
    stranger = ask(camille, is_of_holder=False)

    (reply,) = (
        one for one in replies_for(camille.titulaire, asked=stranger) if one.title == "Essai"
    )

    assert "1105" not in reply.text
    assert camille.titulaire.birth_name not in reply.text
    assert stranger.readable_reference in reply.text


def test_only_what_suits_the_request_is_proposed(camille):
    ready("a", SupportKind.BLOCKED, "bloqué")
    ready("b", "", "partout")
    ReplyTemplate.objects.create(title="retiré", subject="x", body="x", is_active=False)

    titles = {one.title for one in replies_for(camille.titulaire, asked=ask(camille))}

    assert "partout" in titles
    assert not {"bloqué", "retiré"} & titles


def test_message_leaves_from_the_file_of_the_person(desk, agent, camille):
    template = ready("Bonjour,\n\nVos droits sont de {montant}.")
    address = reverse("admin:desk_reply", args=[camille.titulaire.pk])
    assert desk.get(address).status_code == 302  # the file is closed
    open_file(desk, camille)

    form = desk.get(f"{address}?modele={template.pk}").context["form"]
    posted = {"subject": form["subject"].value(), "body": form["body"].value()}
    assert desk.post(address, posted).status_code == 302

    message = emails.build(OutgoingMail.objects.get(kind=MailKind.SUPPORT_MESSAGE))
    assert (message.to, message.subject) == ([camille.email], "Votre demande")
    assert "Vos droits sont de 1105,00\u00a0€." in message.body
    assert AccountEvent.objects.filter(user=camille, author=agent, detail="Votre demande").exists()
    assert AuditEvent.objects.filter(kind="request_answered", person_pk=camille.pk).exists()


@pytest.mark.parametrize("posted", [{"subject": "", "body": ""}, {"subject": "x", "body": " "}])
def test_empty_message_is_not_sent(posted, desk, camille):
    open_file(desk, camille)

    assert (
        desk.post(reverse("admin:desk_reply", args=[camille.titulaire.pk]), posted).status_code
        == 422
    )
    assert not OutgoingMail.objects.filter(kind=MailKind.SUPPORT_MESSAGE).exists()


def test_number_typed_in_a_message_is_masked_and_an_unconfirmed_address_gets_none(desk, camille):
    nir = make_nir().value
    address = reverse("admin:desk_reply", args=[camille.titulaire.pk])
    open_file(desk, camille)
    desk.post(address, {"subject": "Objet", "body": f"Votre numéro {nir}"})
    assert nir not in str(OutgoingMail.objects.get(kind=MailKind.SUPPORT_MESSAGE).facts)

    type(camille).objects.filter(pk=camille.pk).update(email_confirmed_at=None)
    refused = desk.post(address, {"subject": "Objet", "body": "Bonjour"})

    assert refused.status_code == 422
    assert "pas confirmée" in refused.content.decode()


def test_without_the_permission_nobody_writes(client, camille):
    sign_in(client, StaffFactory(roles=[Role.READING]))

    assert client.get(reverse("admin:desk_reply", args=[camille.titulaire.pk])).status_code == 403


def test_number_typed_in_a_subject_is_masked_and_a_subject_is_one_line(desk, camille):
    open_file(desk, camille)
    address = reverse("admin:desk_reply", args=[camille.titulaire.pk])
    nir = make_nir().value

    broken = desk.post(address, {"subject": "Objet\nBcc: a@example.org", "body": "Bonjour"})
    desk.post(address, {"subject": f"Votre numéro {nir}", "body": "Bonjour"})

    assert broken.status_code == 422
    facts = str(OutgoingMail.objects.get(kind=MailKind.SUPPORT_MESSAGE).facts)
    assert nir not in facts
    assert "Votre numéro [numéro masqué]" in facts
    assert not AccountEvent.objects.filter(detail__contains=nir).exists()
