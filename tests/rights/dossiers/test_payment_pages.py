"""The remainder paid on the simulated page: refused, accepted, abandoned, twice, by somebody else."""

import pytest

from rights.dossiers.states import Action, State
from rights.models import PaymentState
from tests.rights.dossiers.pages import hidden, page_of, sign_in, step_of, take
from tests.rights.dossiers.steps import NOW, bring_to, pay
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def dossier(client):
    """A dossier that waits for its payment, with its person signed in."""
    found = bring_to(State.PAYING)
    sign_in(client, found.user)
    return found


def start_payment(client, dossier):
    return take(client, dossier, Action.PAY)


def test_payment_goes_to_a_page_that_says_it_is_simulated(client, dossier):

    response = client.get(start_payment(client, dossier)["Location"])

    assert "Ceci est une démonstration\u00a0: aucune carte n’est demandée" in text_of(response)
    assert "Montant\u00a0: 50,00\u00a0€" in text_of(response)


class OutsidePayments:
    """A provider of payments with a site of its own."""

    name = "ailleurs"

    def page_url(self, payment) -> str:
        return f"https://paiement.example/{payment.reference}"


def test_provider_on_another_site_is_reached_by_a_link(client, dossier, settings):
    settings.PORTAL_CARD_PAYMENTS = f"{__name__}.OutsidePayments"

    response = start_payment(client, dossier)

    link = f'href="https://paiement.example/{dossier.payments.get().reference}"'
    assert response.status_code == 200
    assert link in response.content.decode()
    assert client.get(f"{page_of(dossier)}paiement/").status_code == 409  # nothing is simulated


def answer(client, dossier, outcome: str, reference: str | None = None):
    path = f"{page_of(dossier)}paiement/"
    reference = reference or hidden(client.get(path), "payment")
    return client.post(path, {"payment": reference, "outcome": outcome}, follow=True)


def test_payment_refused_then_accepted(client, dossier):
    start_payment(client, dossier)

    refused = answer(client, dossier, "refused")
    assert "Votre paiement est refusé" in text_of(refused)
    assert "Il reste 50,00\u00a0€ à payer au plus tard le 9 mars 2021" in text_of(refused)
    start_payment(client, dossier)
    accepted = answer(client, dossier, "accepted")

    assert "votre inscription est validée" in text_of(accepted)
    dossier.refresh_from_db()
    assert dossier.state == State.VALIDATED
    assert "Déjà payé par carte\u00a0: 50,00\u00a0€." in text_of(client.get(page_of(dossier)))


def test_abandoned_payment_can_be_taken_up_again(client, dossier):
    start_payment(client, dossier)

    page = answer(client, dossier, "abandoned")

    assert "Vous avez abandonné le paiement" in text_of(page)
    assert step_of(dossier, Action.PAY) in page.content.decode()


def test_payment_answered_twice_pays_once(client, dossier):
    reference = hidden(client.get(start_payment(client, dossier)["Location"]), "payment")

    answer(client, dossier, "accepted", reference)
    again = answer(client, dossier, "accepted", reference)

    assert again.status_code == 409
    assert "déjà terminé" in text_of(again)
    assert dossier.payments.filter(state=PaymentState.ACCEPTED).count() == 1


def test_payment_does_not_take_any_answer(client, dossier):
    start_payment(client, dossier)

    assert answer(client, dossier, "gratuit").status_code == 409
    assert dossier.payments.get().state == PaymentState.STARTED


def test_payment_of_another_dossier_is_not_found(client, dossier):
    other = bring_to(State.PAYING)
    payment = pay(other, PaymentState.REFUSED).payments.get()

    assert answer(client, dossier, "accepted", payment.reference).status_code == 404


def test_simulated_page_does_not_exist_in_production(client, dossier, settings):
    start_payment(client, dossier)
    settings.DEMONSTRATION = False

    assert client.get(f"{page_of(dossier)}paiement/").status_code == 404
    assert client.post(f"{page_of(dossier)}paiement/", {}).status_code == 404


def test_cancelled_paid_dossier_says_what_comes_back(client, dossier):
    start_payment(client, dossier)
    answer(client, dossier, "accepted")
    page = text_of(client.get(step_of(dossier, Action.WITHDRAW)))
    assert "Ce que vous avez payé par carte, 50,00\u00a0€, vous est remboursé" in page

    take(client, dossier, Action.WITHDRAW)

    assert "50,00\u00a0€, à rembourser dans les 30\u00a0jours" in text_of(
        client.get(page_of(dossier))
    )
