"""Each change of a dossier is told by mail, with the way to it and « Ce n’est pas moi »."""

import re

import pytest
from django.core import mail as outbox

from accounts import emails
from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tokens import find_not_me
from rights.dossiers import mails
from rights.dossiers.states import Action, State
from rights.dossiers.transitions import MAILS
from tests.rights.dossiers.steps import NOW, bring_to, do, draft, make_session, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW)


def last_mail():
    """Build the mail that the last step promised."""
    return emails.build(OutgoingMail.objects.filter(kind=MailKind.DOSSIER).order_by("-pk").first())


def test_every_mail_of_the_table_has_its_text():
    assert set(mails.TEXTS) == MAILS


def test_mail_tells_what_changed_and_by_which_day():
    dossier = bring_to(State.REQUESTED)

    message = last_mail()

    assert message.to == [dossier.user.email]
    assert message.subject == "Votre demande d’inscription est envoyée"
    assert f"- Formation\u00a0: {dossier.title}" in message.body
    assert "- Payé par vos droits\u00a0: 1050,00\u00a0€" in message.body
    assert "- L’organisme répond au plus tard le\u00a0: 5 mars 2021" in message.body


def test_mail_leads_to_the_dossier_and_to_the_freeze():
    dossier = bring_to(State.REQUESTED)
    message = last_mail()

    links = re.findall(r"https?://[^/\s]+(/\S+)", message.body)

    assert links[0] == f"/mes-dossiers/{dossier.reference}/"
    assert find_not_me(links[1].split("/")[2]) == dossier.user
    html = message.alternatives[0][0]
    assert all(link in html for link in links)


def test_typed_words_stay_words():
    send(draft(session=make_session(offer__title="Gagnez <b>tout</b>")))

    html = last_mail().alternatives[0][0]

    assert "Gagnez &lt;b&gt;tout&lt;/b&gt;" in html
    assert "<b>" not in html


@pytest.mark.parametrize("name", sorted(mails.TEXTS))
def test_mail_is_written_in_plain_french_typography(name):
    mails.queue(bring_to(State.VALIDATED), name)

    message = last_mail()

    text = re.sub(r"https?://\S+", "", f"{message.subject}\n{message.body}")
    assert not re.search(r" [:;?!]|'", text)
    assert "\n\n\n" not in message.body
    assert "\n" not in message.subject


def test_facts_are_forgotten_once_the_mail_has_left():
    bring_to(State.REQUESTED)
    waiting = OutgoingMail.objects.get(kind=MailKind.DOSSIER)
    assert waiting.facts["reference"]

    assert emails.deliver(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.facts == {}
    assert len(outbox.outbox) == 1


def test_each_step_promises_the_mail_of_its_row():
    dossier = bring_to(State.REQUESTED)

    do(dossier, Action.CANCEL_REQUEST)

    assert last_mail().subject == "Votre demande d’inscription est annulée"


def test_person_without_an_account_gets_no_mail():
    dossier = bring_to(State.REFUSED)
    before = OutgoingMail.objects.count()
    User.objects.filter(pk=dossier.user.pk).delete()

    mails.queue(dossier, "refused")

    assert OutgoingMail.objects.filter(kind=MailKind.DOSSIER).count() <= before
    assert not OutgoingMail.objects.filter(user=None, kind=MailKind.DOSSIER).exists()


def test_unknown_mail_is_an_error():
    with pytest.raises(KeyError):
        mails.queue(bring_to(State.REQUESTED), "surprise")
