"""What each mail says, in text and in HTML."""

import re
from html import unescape

import pytest

from accounts import emails, services
from accounts.models import OutgoingMail
from accounts.models.mail import MailKind
from accounts.services import Contact
from tests.accounts.mails import new_address, waiting
from tests.accounts.pages import link_of
from tests.factories import PASSWORD, make_nir

pytestmark = pytest.mark.django_db

# That of a dossier tells facts: tests/rights/dossiers/test_mails.py.
SUBJECTS = {
    MailKind.CONFIRMATION: "Votre compte est créé\u00a0: confirmez votre adresse",
    MailKind.PASSWORD_RESET: "Choisissez un nouveau mot de passe",
    MailKind.EMAIL_CHANGE: "Confirmez votre nouvelle adresse",
    MailKind.EMAIL_CHANGE_ASKED: "Un changement d’adresse est demandé",
    MailKind.EMAIL_CHANGED: "L’adresse de votre compte a changé",
    MailKind.CONTACT_CHANGED: "Vos coordonnées ont été modifiées",
    MailKind.NEW_BROWSER: "Connexion avec un nouveau navigateur",
    MailKind.RECOVERY_CODES: "Vos codes de secours ont été créés",
    MailKind.SUPPORT_RECEIVED: "Votre demande est bien reçue",
    MailKind.SUPPORT_ANSWERED: "L’assistance vous a répondu",
    MailKind.SUPPORT_MESSAGE: "L’assistance vous écrit",
    MailKind.ACCOUNT_TRANSFERRED: "Votre compte a été retiré",
    MailKind.ACCOUNT_BLOCKED: "Votre compte est bloqué",
    MailKind.ACCOUNT_UNBLOCKED: "Votre compte est débloqué",
    MailKind.INACTIVITY: "Votre compte sera bientôt fermé",
    MailKind.ACCOUNT_CLOSED: "Votre compte est fermé",
    MailKind.ACCOUNT_TAKEN_OVER: "Vos accès à un compte ont été fermés",
    MailKind.PASSWORD_CHANGED: "Votre mot de passe a été modifié",
    MailKind.SEARCH_NEWS: "De nouvelles formations pour vos recherches",
    MailKind.STAFF_INVITATION: "Votre accès à l’administration",
    MailKind.DIF_ACCEPTED: "Votre justificatif de DIF est accepté",
    MailKind.DIF_REFUSED: "Votre justificatif de DIF est refusé",
}
PATHS = {
    MailKind.CONFIRMATION: r"/inscription/confirmation/\d+-[\w-]{43}/",
    MailKind.PASSWORD_RESET: r"/mot-de-passe/nouveau/\w+/[\w-]+/",
    MailKind.EMAIL_CHANGE: r"/courriel/confirmation/\d+-[\w-]{43}/",
    MailKind.EMAIL_CHANGE_ASKED: r"/mot-de-passe/oublie/",
    MailKind.EMAIL_CHANGED: r"/assistance/demande/",
    MailKind.CONTACT_CHANGED: r"/mon-compte/",
    MailKind.NEW_BROWSER: r"/mon-compte/connexions/",
    MailKind.RECOVERY_CODES: r"/mot-de-passe/oublie/",
    MailKind.SUPPORT_RECEIVED: r"/assistance/suivi/",
    MailKind.SUPPORT_ANSWERED: r"/assistance/suivi/",
    MailKind.SUPPORT_MESSAGE: r"/contact/",
    MailKind.ACCOUNT_TRANSFERRED: r"/assistance/demande/",
    MailKind.ACCOUNT_BLOCKED: r"/compte-bloque/",
    MailKind.ACCOUNT_UNBLOCKED: r"/connexion/",
    MailKind.INACTIVITY: r"/connexion/",
    MailKind.ACCOUNT_CLOSED: r"/inscription/",
    MailKind.ACCOUNT_TAKEN_OVER: r"/aide/",
    MailKind.DIF_ACCEPTED: r"/mes-droits/dif/",
    MailKind.DIF_REFUSED: r"/mes-droits/dif/",
    MailKind.STAFF_INVITATION: r"/mot-de-passe/nouveau/\w+/[\w-]+/",
    MailKind.PASSWORD_CHANGED: r"/mot-de-passe/oublie/",
    MailKind.SEARCH_NEWS: r"/courriel/arret/\d+-[\w-]{43}/",
}


def test_every_kind_is_looked_at():
    assert SUBJECTS.keys() == PATHS.keys() == set(MailKind) - {MailKind.DOSSIER}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_has_one_recipient_its_subject_and_one_link(kind, mailoutbox):
    mail = waiting(kind)

    assert emails.deliver(mail.pk)

    (message,) = mailoutbox
    assert message.recipients() == [mail.user.email]
    assert message.subject == SUBJECTS[kind]
    assert re.fullmatch(PATHS[kind], link_of(message))
    html, html_type = message.alternatives[0]
    assert html_type == "text/html"
    links = set(re.findall(r"https?://[^\s\"<]+", message.body + html))
    assert links == {f"http://127.0.0.1:8000{link_of(message)}"}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_says_that_it_is_a_demonstration_until_the_operator_is_named(
    kind, mailoutbox, settings
):
    emails.deliver(waiting(kind).pk)
    settings.PORTAL_OPERATOR = "Région Exemple"
    emails.deliver(waiting(kind).pk)

    demonstration, operated = ([m.body, m.alternatives[0][0]] for m in mailoutbox)
    assert all("ce site n’est pas le site officiel de l’État" in part for part in demonstration)
    assert all("Région Exemple" in part for part in operated)
    assert not any("Démonstration" in part for part in operated)


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_loads_nothing_from_afar(kind, mailoutbox):
    emails.deliver(waiting(kind).pk)

    html = mailoutbox[0].alternatives[0][0]
    assert not re.search(r"<(img|script|link|iframe|object)\b|url\(|@import|src=", html)
    assert '<html lang="fr">' in html


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_says_the_same_in_text_and_in_html(kind, mailoutbox):
    emails.deliver(waiting(kind).pk)

    html = mailoutbox[0].alternatives[0][0].split("<body")[1]
    shown = words(unescape(re.sub(r"<[^>]+>", " ", f"<body{html}")))
    lines = [words(line) for line in mailoutbox[0].body.splitlines() if line]
    paragraphs = [words(unescape(part)) for part in re.findall(r"<p>([^<]+)</p>", html)]
    assert [line for line in lines if line not in shown] == []
    assert [part for part in paragraphs if part not in lines] == []


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_is_laid_out_for_mail_programs(kind, mailoutbox):
    emails.deliver(waiting(kind).pk)

    html = mailoutbox[0].alternatives[0][0]
    assert html.count("<table") == html.count('<table role="presentation"')
    assert not re.search(r"<(main|section|header|footer|div)\b|display:\s*(flex|grid)", html)
    assert len(html.encode()) < 10_000


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_repeats_nothing_that_was_typed(kind, mailoutbox):
    user = services.register(
        birth_name="Gagnez Mille Euros",
        nir=make_nir(),
        contact=Contact(email="gagnez@example.org", phone_mobile="+33639980001"),
        password=PASSWORD,
    )

    message = emails.build(OutgoingMail(user=user, kind=kind, recipient=new_address(user, kind)))

    body = message.message().as_string() + message.body + message.alternatives[0][0]
    assert "Gagnez" not in body
    assert "639980001" not in body
    assert PASSWORD not in body
    assert body.count("gagnez@example.org") == 1  # the recipient


@pytest.mark.parametrize("kind", SUBJECTS)
def test_mail_is_written_in_plain_french_typography(kind, mailoutbox):
    emails.deliver(waiting(kind).pk)

    text = f"{mailoutbox[0].subject}\n{mailoutbox[0].body}".replace("http://", "")
    assert not re.search(r" [:;?!]|'", text)
    assert "\n\n\n" not in text


def test_mail_names_the_last_day_of_the_link(mailoutbox, time_machine):
    time_machine.move_to("2026-11-22T23:30:00Z", tick=False)  # the 23rd in Paris
    emails.deliver(waiting(email_confirmed_at=None).pk)

    assert "jusqu’au 8 décembre 2026" in mailoutbox[0].body


def test_mail_tells_no_name_of_this_machine(mailoutbox, settings):
    settings.SITE_URL = "https://portail.example.org"

    emails.deliver(waiting().pk)

    headers = mailoutbox[0].message()
    assert headers["Message-ID"].endswith("@portail.example.org>")
    assert headers["Auto-Submitted"] == "auto-generated"
