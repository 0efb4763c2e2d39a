"""The provider of payments of the demonstration: a page of this portal, which says that nothing is paid."""

from django.urls import reverse

from rights.models import Payment


class SimulatedPayments:
    name = "demonstration"

    def page_url(self, payment: Payment) -> str:
        return reverse("rights:payment", args=[payment.dossier.reference])

    def refund(self, payment: Payment, amount_cents: int) -> None:
        """Nothing was paid: there is nothing to give back."""
