import re
import smtplib
from html import unescape
from io import StringIO
from threading import Lock

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import emails, services
from accounts.models import EmailChange, OutgoingMail
from accounts.models.mail import MailKind
from accounts.services import Contact, post_mail
from tests.accounts.pages import link_of
from tests.factories import PASSWORD, UserFactory, make_nir
from tests.parallel import in_parallel
from tests.postgres import free_port

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
    MailKind.ACCOUNT_TRANSFERRED: "Votre compte a été retiré",
    MailKind.ACCOUNT_BLOCKED: "Votre compte est bloqué",
    MailKind.ACCOUNT_UNBLOCKED: "Votre compte est débloqué",
    MailKind.INACTIVITY: "Votre compte sera bientôt fermé",
    MailKind.ACCOUNT_CLOSED: "Votre compte est fermé",
    MailKind.ACCOUNT_TAKEN_OVER: "Vos accès à un compte ont été fermés",
    MailKind.PASSWORD_CHANGED: "Votre mot de passe a été modifié",
    MailKind.SEARCH_NEWS: "De nouvelles formations pour vos recherches",
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
    MailKind.ACCOUNT_TRANSFERRED: r"/assistance/demande/",
    MailKind.ACCOUNT_BLOCKED: r"/compte-bloque/",
    MailKind.ACCOUNT_UNBLOCKED: r"/connexion/",
    MailKind.INACTIVITY: r"/connexion/",
    MailKind.ACCOUNT_CLOSED: r"/inscription/",
    MailKind.ACCOUNT_TAKEN_OVER: r"/aide/",
    MailKind.DIF_ACCEPTED: r"/mes-droits/dif/",
    MailKind.DIF_REFUSED: r"/mes-droits/dif/",
    MailKind.PASSWORD_CHANGED: r"/mot-de-passe/oublie/",
    MailKind.SEARCH_NEWS: r"/courriel/arret/\d+-[\w-]{43}/",
}


class Sink:
    """An SMTP server that keeps what it gets, or answers DATA with `refusal`."""

    def __init__(self, refusal: str = ""):
        self.refusal, self.messages, self.lock = refusal, [], Lock()

    async def handle_DATA(self, server, session, envelope):
        if self.refusal:
            return self.refusal
        with self.lock:
            self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def smtp(settings):
    """Start real SMTP servers; the last one started gets the mails."""
    controllers = []

    def start(sink: Sink) -> Sink:
        controller = Controller(sink, hostname="127.0.0.1", port=free_port())
        controller.start()
        controllers.append(controller)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
        return sink

    yield start
    for controller in controllers:
        controller.stop()


@pytest.fixture
def smtp_down(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def waiting(kind: MailKind = MailKind.CONFIRMATION, **fields) -> OutgoingMail:
    user = UserFactory(**fields)
    return OutgoingMail.objects.create(user=user, kind=kind, recipient=new_address(user, kind))


def new_address(user, kind: MailKind) -> str:
    """Let a change of address be under way where the mail is about it; return where the mail goes."""
    if kind != MailKind.EMAIL_CHANGE:
        return ""
    EmailChange.objects.create(user=user, new_email=user.email, asked_at=timezone.now())
    return user.email


def send_mails() -> str:
    out = StringIO()
    call_command("send_mails", stdout=out)
    return out.getvalue().strip()


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


def test_links_never_come_from_the_request(
    client, mailoutbox, django_capture_on_commit_callbacks, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    user = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/mot-de-passe/oublie/", {"nir": user.titulaire.nir.value},
                    headers={"host": "evil.test", "x-forwarded-host": "evil.test"})  # fmt: skip

    assert "http://127.0.0.1:8000/mot-de-passe/nouveau/" in mailoutbox[0].body
    assert "evil.test" not in mailoutbox[0].body


def test_post_mail_sends_after_the_commit_and_not_before(
    mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail = post_mail(user=UserFactory(), kind=MailKind.CONFIRMATION)
        assert mailoutbox == []

    mail.refresh_from_db()
    assert len(mailoutbox) == 1
    assert mail.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_post_mail_of_a_transaction_that_fails_leaves_nothing(mailoutbox):
    user = UserFactory()

    with transaction.atomic():
        post_mail(user=user, kind=MailKind.CONFIRMATION)
        transaction.set_rollback(True)

    assert mailoutbox == []
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_post_mail_in_production_leaves_the_pk_to_a_worker(mailoutbox, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}
    }
    mail = post_mail(user=UserFactory(), kind=MailKind.CONFIRMATION)
    queued = DBTaskResult.objects.get()
    assert mailoutbox == []
    assert (queued.queue_name, queued.args_kwargs) == ("mail", {"args": [mail.pk], "kwargs": {}})

    call_command("db_worker", "--batch", "--queue-name", "mail", "--interval", "0", verbosity=0)

    assert len(mailoutbox) == 1


def test_smtp_server_gets_text_and_html(smtp):
    sink = smtp(Sink())
    mail = waiting()

    assert emails.deliver(mail.pk)

    (envelope,) = sink.messages
    content = envelope.content.decode()
    assert envelope.rcpt_tos == [mail.user.email]
    assert envelope.mail_from == "ne-pas-repondre@portail.invalid"
    assert 'Content-Type: text/plain; charset="utf-8"' in content
    assert 'Content-Type: text/html; charset="utf-8"' in content


def test_smtp_server_that_refuses_keeps_the_mail_for_later(smtp, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    smtp(Sink(refusal="451 Try again later, camille@example.org"))
    mail = waiting()

    assert not emails.deliver(mail.pk)

    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts) == (None, 1)
    assert mail.last_error == "SMTPDataError 451"
    assert mail.next_attempt_at == timezone.now() + emails.BACK_OFF[0]

    sink = smtp(Sink())
    assert send_mails() == "Courriels envoyés\u00a0: 0, à réessayer\u00a0: 0."
    time_machine.shift(emails.BACK_OFF[0])
    assert send_mails() == "Courriels envoyés\u00a0: 1, à réessayer\u00a0: 0."
    assert len(sink.messages) == 1
    assert send_mails() == "Courriels envoyés\u00a0: 0, à réessayer\u00a0: 0."


def test_smtp_server_that_is_down_keeps_the_mail_for_later(smtp_down):
    mail = waiting()

    assert send_mails() == "Courriels envoyés\u00a0: 0, à réessayer\u00a0: 1."

    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts) == (None, 1)
    assert mail.last_error.startswith("ConnectionRefusedError")


def test_smtp_server_that_is_down_disturbs_no_page(
    client, smtp_down, django_capture_on_commit_callbacks
):
    user = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/mot-de-passe/oublie/", {"nir": user.titulaire.nir.value})

    assert response.status_code == 302
    assert OutgoingMail.objects.get().attempts == 1


def test_mail_is_given_up_after_the_last_wait(smtp_down, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    waiting()

    tries = 0
    for _ in range(len(emails.BACK_OFF) + 3):
        tries += "réessayer\u00a0: 1" in send_mails()
        time_machine.shift(emails.BACK_OFF[-1])

    assert tries == len(emails.BACK_OFF)
    assert OutgoingMail.objects.get().attempts == len(emails.BACK_OFF)


def test_error_note_holds_no_address(monkeypatch, caplog):
    mail = waiting()
    refused = smtplib.SMTPRecipientsRefused({mail.user.email: (550, b"no such user")})
    monkeypatch.setattr(django_mail.EmailMultiAlternatives, "send", raiser(refused))

    assert not emails.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.last_error == "SMTPRecipientsRefused"
    assert mail.user.email not in caplog.text


def raiser(error: Exception):
    def fail(*args, **kwargs):
        raise error

    return fail


def test_one_bad_mail_does_not_stop_the_others(mailoutbox):
    waiting(email="pas\nune adresse")
    waiting()

    assert send_mails() == "Courriels envoyés\u00a0: 1, à réessayer\u00a0: 1."


def test_deliver_of_a_mail_that_went_with_its_account_sends_nothing(mailoutbox):
    mail = waiting()
    services.erase(user=mail.user)

    assert not emails.deliver(mail.pk)
    assert mailoutbox == []


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_20_senders_at_once_send_each_mail_once(smtp):
    sink = smtp(Sink())
    mails = [waiting() for _ in range(3)]

    sent = in_parallel(lambda number: [emails.deliver(mail.pk) for mail in mails], range(20))

    assert sum(map(sum, sent)) == len(mails)
    recipients = [envelope.rcpt_tos[0] for envelope in sink.messages]
    assert sorted(recipients) == sorted(mail.user.email for mail in mails)
