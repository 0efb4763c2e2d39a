"""Ready answers filled with what the portal holds of the person: proposed, read again, then sent."""

from dataclasses import dataclass

from accounts.models import ReplyTemplate, SupportRequest, Titulaire
from cpf_portal.ui.formats import date_fr, euros
from rights.dossiers.states import State
from rights.models import Dossier, RightsAccount


@dataclass(frozen=True, slots=True)
class Reply:
    """A ready answer with its variables filled in, to be read again before it leaves."""

    pk: int
    title: str
    subject: str
    text: str


def replies_for(titulaire: Titulaire | None, *, asked: SupportRequest | None = None) -> list[Reply]:
    """Return the ready answers for a person whose file is open, or for a request, filled in for her.

    A request that was not made signed in may come from anybody: nothing of the rights is put in it.
    Four queries at most.
    """
    context = _context(titulaire) if asked is None or asked.is_of_holder else {}
    if asked:
        context["demande"] = asked.readable_reference
    templates = ReplyTemplate.objects.proposed_for(asked.kind if asked else "")
    return [Reply(one.pk, one.title, one.subject, one.filled(context)) for one in templates]


def _context(titulaire: Titulaire | None) -> dict[str, str]:
    if titulaire is None:
        return {}
    account = RightsAccount.objects.filter(titulaire=titulaire).first()
    context = {
        "nom": titulaire.birth_name,
        "montant": euros(account.available_cents if account else 0),
    }
    dossier = Dossier.objects.open().exclude(state=State.DRAFT).filter(titulaire=titulaire).last()
    return context | (_of_dossier(dossier) if dossier else {})


def _of_dossier(dossier: Dossier) -> dict[str, str]:
    coming = dossier.due_on or (
        dossier.ends_on if dossier.state == State.IN_TRAINING else dossier.starts_on
    )
    return {
        "dossier": dossier.reference,
        "formation": dossier.title,
        "prochaine_date": date_fr(coming) if coming else "",
    }
