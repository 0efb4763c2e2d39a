from email.message import EmailMessage as StandardMessage
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

from cpf_portal.demo import mailbox

BACKEND = "cpf_portal.demo.mailbox.MailboxBackend"
SITE = "https://portail.example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def connection():
    return get_connection(BACKEND)


def message(subject="Votre inscription", body="Bonjour", to="camille@example.org"):
    return EmailMessage(subject, body, "ne-pas-repondre@portail.invalid", [to])


def mail_with(text):
    return mailbox.Mail("id", None, "de", "a", "objet", text)


def test_mail_is_kept_and_read_back(connection):
    sent = connection.send_messages(
        [message("Activez votre compte\u00a0: étape 2", "Bonjour à tous")]
    )

    (mail,) = mailbox.mails()
    assert sent == 1
    assert mail.subject == "Activez votre compte\u00a0: étape 2"
    assert mail.to == "camille@example.org"
    assert mail.sender == "ne-pas-repondre@portail.invalid"
    assert mail.text == "Bonjour à tous"
    assert mailbox.find(mail.id) == mail


def test_mails_are_listed_from_the_newest(connection):
    connection.send_messages([message(f"n° {rank}") for rank in range(3)])

    assert [mail.subject for mail in mailbox.mails()] == ["n° 2", "n° 1", "n° 0"]


def test_only_the_last_mails_are_kept(connection, monkeypatch):
    monkeypatch.setattr(mailbox, "KEPT_MAILS", 2)

    connection.send_messages([message(f"n° {rank}") for rank in range(3)])
    connection.send_messages([message("n° 3")])

    assert [mail.subject for mail in mailbox.mails()] == ["n° 3", "n° 2"]


def test_file_names_hold_nothing_personal_and_the_folder_is_private(connection, var_dir):
    connection.send_messages([message()])

    (path,) = (var_dir / "courriels").iterdir()
    assert mailbox.MAIL_ID.fullmatch(path.stem)
    assert path.suffix == ".eml"
    assert path.parent.stat().st_mode & 0o077 == 0


def test_mail_without_recipient_is_not_kept(connection):
    assert connection.send_messages([EmailMessage("objet", "texte", to=[])]) == 0
    assert mailbox.mails() == []


def test_html_part_is_never_what_is_read(connection):
    mail = EmailMultiAlternatives("objet", "le texte", to=["a@example.org"])
    mail.attach_alternative("<p>le HTML</p>", "text/html")

    connection.send_messages([mail])

    assert mailbox.mails()[0].text == "le texte"


def test_mail_with_html_only_shows_its_text(connection):
    mail = message(body="<h1>Bonjour</h1> <script>alert(1)</script>")
    mail.content_subtype = "html"

    connection.send_messages([mail])

    assert mailbox.mails()[0].text == "Bonjour alert(1)"


@pytest.mark.parametrize("mail_id", ["../../portal", "..", "", "0" * 20, f"{'0' * 20}-{'0' * 8}"])
def test_find_reads_nothing_else_than_a_mail(mail_id, var_dir, connection):
    (var_dir / "portal.eml").write_bytes(bytes(StandardMessage()))
    connection.send_messages([message()])

    assert mailbox.find(mail_id) is None
    assert mailbox.find(mailbox.mails()[0].id) is not None


def test_unreadable_names_in_the_folder_are_ignored(connection, var_dir):
    connection.send_messages([message()])
    Path(var_dir / "courriels" / "notes.eml").write_text("autre chose")

    assert len(mailbox.mails()) == 1


@pytest.mark.parametrize(
    ("text", "href"),
    [
        (
            f"Confirmez : {SITE}/inscription/confirmation/1:aB-_x/",
            "/inscription/confirmation/1:aB-_x/",
        ),
        (f"{SITE}/mot-de-passe/?a=1&b=2.", "/mot-de-passe/?a=1&amp;b=2"),
        (f"({SITE}/)", "/"),
    ],
)
def test_links_to_our_own_pages_can_be_followed(text, href):
    assert f'<a href="{href}">' in mail_with(text).html


@pytest.mark.parametrize(
    "text",
    [
        "https://ailleurs.example.com/inscription/",
        f"{SITE}//ailleurs.example.com/",
        f"{SITE}.example.com/inscription/",
        f"{SITE}@ailleurs.example.com/",
        "javascript:alert(1)",
    ],
)
def test_links_elsewhere_are_text(text):
    html = mail_with(text).html

    assert html == text


def test_text_is_escaped():
    html = mail_with(f'<script>alert("1")</script> {SITE}/aide/"><b>').html

    assert "<script>" not in html
    assert "<b>" not in html
    assert '<a href="/aide/">' in html


def test_mailbox_is_refused_in_production(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        get_connection(BACKEND)
