import smtplib
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
from accounts.models import OutgoingMail
from accounts.models.mail import MailKind
from accounts.services import post_mail
from tests.accounts.mails import waiting
from tests.factories import UserFactory
from tests.parallel import in_parallel
from tests.postgres import free_port

pytestmark = pytest.mark.django_db


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


def send_mails() -> str:
    out = StringIO()
    call_command("send_mails", stdout=out)
    return out.getvalue().strip()


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
