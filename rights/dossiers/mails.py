"""What a person reads in her mailbox after each step of a dossier: what changed, by which day, and why.

Each mail ends with « Ce n’est pas moi » (accounts.emails), so that nobody spends her rights unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from accounts.models.mail import MailKind
from accounts.services import post_mail
from cpf_portal.ui.formats import date_fr, euros
from rights.models.dossier import Dossier

BACK = "Vos droits vous sont revenus en entier."
FALLS = "Passé ce jour, la demande est annulée et vos droits vous reviennent."


@dataclass(frozen=True, slots=True)
class Text:
    """The subject of a mail and its paragraphs; `facts` are the lines that it shows after them."""

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[str, ...] = ("rights", "remainder", "starts_on")


TEXTS: dict[str, Text] = {
    "requested": Text(
        "Votre demande d’inscription est envoyée",
        ("L’organisme a reçu votre demande. Vos droits sont mis de côté, ils ne sont pas dépensés.",),
        ("rights", "remainder", "starts_on", "provider_due"),
    ),
    "accepted": Text(
        "L’organisme accepte votre demande\u00a0: validez-la",
        (f"Votre place n’est sûre qu’une fois l’inscription validée. {FALLS}",),
        ("rights", "remainder", "starts_on", "due"),
    ),
    "proposed": Text(
        "L’organisme vous propose des changements",
        (f"Lisez sa proposition, puis acceptez-la ou refusez-la. {FALLS}",),
        ("due",),
    ),
    "refused": Text("L’organisme a refusé votre demande", (BACK,), ()),
    "provider_silent": Text(
        "L’organisme n’a pas répondu\u00a0: votre demande est annulée", (BACK,), ()
    ),
    "request_cancelled": Text("Votre demande d’inscription est annulée", (BACK,), ()),
    "proposal_refused": Text("Vous avez refusé la proposition de l’organisme", (BACK,), ()),
    "titulaire_silent": Text(
        "Le délai est passé\u00a0: votre demande est annulée",
        ("Nous n’avons pas eu votre réponse à temps.", BACK),
        (),
    ),
    "payment_awaited": Text(
        "Il reste un montant à payer",
        (f"Payez-le par carte sur la page de votre dossier. {FALLS}",),
        ("rights", "remainder", "starts_on", "due"),
    ),
    "payment_refused": Text(
        "Votre paiement par carte a été refusé",
        (f"Rien n’a été débité. Vous pouvez essayer de nouveau. {FALLS}",),
        ("remainder", "due"),
    ),
    "validated": Text(
        "Votre inscription est validée",
        ("Votre place est prise. Vos droits seront utilisés quand la formation aura eu lieu.",),
        ("rights", "remainder", "starts_on", "withdrawal", "free_cancellation"),
    ),
    "withdrawn": Text("Votre rétractation est enregistrée", (BACK,), ("refund",)),
    "cancelled": Text("Votre inscription est annulée sans frais", (BACK,), ("refund",)),
    "cancelled_late": Text(
        "Votre inscription est annulée",
        ("L’annulation est venue trop tard pour être sans frais\u00a0: le montant engagé est perdu.",),
        ("lost",),
    ),
    "cancelled_by_provider": Text(
        "L’organisme a annulé la formation",
        ("Ce qui n’a pas eu lieu vous est rendu.",),
        ("given_back", "refund"),
    ),
    "force_majeure_claimed": Text(
        "Vous avez déclaré un cas de force majeure",
        ("L’assistance l’examine. D’ici sa réponse, vos droits restent de côté.",),
        (),
    ),
    "force_majeure_accepted": Text(
        "Votre cas de force majeure est reconnu",
        ("Vous ne perdez que la part de la formation que vous avez suivie, s’il y en a une.",),
        ("given_back", "refund"),
    ),
    "force_majeure_refused": Text(
        "Votre cas de force majeure n’est pas reconnu",
        ("La raison est écrite dans votre dossier, qui reprend où il en était.",),
        ("starts_on",),
    ),
    "entered": Text(
        "Votre entrée en formation est déclarée",
        ("L’organisme a déclaré que vous avez commencé.",),
        ("starts_on",),
    ),
    "absence_declared": Text(
        "L’organisme a déclaré votre absence",
        (
            "Rien n’est encore perdu. Si un cas de force majeure vous a empêché de venir, déclarez-le depuis"
            " votre dossier. Si vous étiez présent, écrivez à l’organisme ou à l’assistance.",
            "Passé le jour écrit ci-dessous, le montant engagé est perdu.",
        ),
        ("rights", "claim_until"),
    ),
    "absence_retracted": Text(
        "L’organisme a retiré votre absence",
        ("Votre inscription continue, et vos droits restent de côté.",),
        ("starts_on",),
    ),
    "absent": Text(
        "Votre absence est établie",
        (
            "Aucun cas de force majeure n’a été déclaré à temps, ou l’assistance ne l’a pas reconnu\u00a0: le"
            " montant engagé est perdu.",
        ),
        ("lost",),
    ),
    "fraud_reported": Text(
        "L’assistance examine votre dossier",
        (
            "Une fraude est soupçonnée. D’ici sa décision, vos droits restent de côté et l’organisme n’est"
            " pas payé.",
        ),
        (),
    ),
    "fraud_dismissed": Text(
        "L’assistance n’a pas retenu la fraude",
        ("La raison est écrite dans votre dossier. Votre inscription continue.",),
        (),
    ),
    "fraud_cancelled": Text(
        "Votre dossier est annulé pour fraude",
        (f"L’organisme n’est pas payé. {BACK}",),
        ("given_back", "refund"),
    ),
    "abandoned": Text(
        "Vous avez déclaré votre abandon", ("Le montant engagé est perdu.",), ("lost",)
    ),
    "finished": Text(
        "Votre formation est terminée",
        (
            "L’organisme déclare ensuite le service fait, et vos droits le paient. Vous pouvez donner"
            " votre avis dès maintenant.",
        ),
        (),
    ),
    "settled": Text(
        "Le service fait est validé",
        ("Vos droits paient ce qui a eu lieu. Votre dossier est clos.",),
        ("lost", "given_back", "refund"),
    ),
}  # fmt: skip


def queue(dossier: Dossier, mail_name: str) -> None:
    """Promise the mail `mail_name` (a key of TEXTS) about `dossier`, in the transaction of its change.

    A person without an account any more gets none. Raises KeyError for an unknown name.
    """
    text = TEXTS[mail_name]
    user = User.objects.filter(titulaire_id=dossier.titulaire_id).first()
    if user is None:
        return
    facts = {
        "reference": dossier.reference,
        "subject": text.subject,
        "paragraphs": list(text.paragraphs),
        "lines": _lines(dossier, text),
    }
    post_mail(user=user, kind=MailKind.DOSSIER, facts=facts)


def _lines(dossier: Dossier, text: Text) -> list[tuple[str, str]]:
    lines = [
        ("Formation", dossier.title),
        ("Organisme", dossier.provider_name),
    ]
    for name in text.facts:
        label, read = FACTS[name]
        if value := read(dossier):
            lines.append((label, value))
    return lines


def _day(name: str) -> Callable[[Dossier], str]:
    def read(dossier: Dossier) -> str:
        day = getattr(dossier, name)
        return date_fr(day) if day else ""

    return read


def _spent_cents(dossier: Dossier) -> int:
    return dossier.reservation.spent_cents if dossier.reservation else 0


def _amount(cents: int) -> str:
    return euros(cents) if cents else ""


def _refund_cents(dossier: Dossier) -> int:
    return sum(dossier.payments.values_list("refund_cents", flat=True))


FACTS: dict[str, tuple[str, Callable[[Dossier], str]]] = {
    "rights": ("Payé par vos droits", lambda dossier: euros(dossier.rights_cents)),
    "remainder": ("Reste à payer par carte", lambda dossier: _amount(dossier.remainder_cents)),
    "starts_on": ("Début de la formation", _day("starts_on")),
    "provider_due": ("L’organisme répond au plus tard le", _day("due_on")),
    "due": ("Votre réponse au plus tard le", _day("due_on")),
    "claim_until": ("Force majeure à déclarer au plus tard le", _day("absence_until")),
    "withdrawal": ("Rétractation possible jusqu’au", _day("withdrawal_until")),
    "free_cancellation": ("Annulation sans frais jusqu’au", _day("free_cancellation_until")),
    "lost": ("Droits utilisés", lambda dossier: _amount(_spent_cents(dossier))),
    "given_back": (
        "Droits rendus",
        lambda dossier: _amount(dossier.rights_cents - _spent_cents(dossier)),
    ),
    "refund": ("Remboursé sur votre carte", lambda dossier: _amount(_refund_cents(dossier))),
}
