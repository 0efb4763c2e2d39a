"""Make the review of a dossier: of a draft by the catalogue of today, of a proposal by what it proposes."""

from collections.abc import Iterator
from datetime import date

from cpf_portal.ui.formats import date_fr
from rights.dossiers import deadlines, payments
from rights.dossiers.amounts import Amounts, compute
from rights.dossiers.reviews import Review, changes
from rights.dossiers.states import State
from rights.dossiers.terms import Terms
from rights.exceptions import AccountClosed
from rights.models import Dossier, Figures, ParameterName, RightsAccount

GONE = "Cette session n’est plus proposée. Choisissez-en une autre."
FULL = "Il n’y a plus de place dans cette session. Choisissez-en une autre."
NO_RIGHTS = (
    "Vos droits ne peuvent rien payer de cette formation\u00a0: aucun n’est disponible, ou la "
    "participation obligatoire couvre tout le prix."
)
ACCOUNT_CLOSED = "Votre compte formation est fermé\u00a0: ses droits ne peuvent plus être utilisés."


def make_review(
    dossier: Dossier, account: RightsAccount, *, today: date, figures: Figures
) -> Review:
    """Return the review of `dossier`, with the rights of `account`.

    Of a draft: the catalogue of now. Of a proposal: what it proposes. Of any other: what was agreed.
    """
    before = Terms.of_dossier(dossier)
    terms = current_terms(dossier)
    obstacles = list(_obstacles(dossier, terms, today, figures))
    amounts = Amounts.of_dossier(dossier)
    if dossier.state == State.DRAFT or terms.price_cents != before.price_cents:
        try:
            amounts = compute(account, dossier, terms, figures=figures)
        except AccountClosed:
            amounts = Amounts.unpaid(terms.price_cents)
            obstacles.append(ACCOUNT_CLOSED)
    obstacles += _unpayable(dossier, amounts)
    return Review(
        terms=terms,
        amounts=amounts,
        dates=deadlines.expected(
            today,
            figures,
            starts_on=terms.starts_on,
            has_prerequisites=terms.has_prerequisites,
        ),
        changes=changes(before, terms),
        obstacles=tuple(obstacles),
    )


def current_terms(dossier: Dossier) -> Terms:
    if dossier.state == State.DRAFT and dossier.session:
        return Terms.of_session(dossier.session, dossier.starts_on)
    if dossier.state == State.PROPOSED:
        return Terms.proposed(dossier)
    return Terms.of_dossier(dossier)


def _obstacles(dossier: Dossier, terms: Terms, today: date, figures: Figures) -> Iterator[str]:
    if dossier.state != State.DRAFT:
        return
    session = dossier.session
    if session is None or not _is_published(dossier):
        yield GONE
    elif session.is_full:
        yield FULL
    elif not session.is_upcoming(today):
        yield GONE
    first = deadlines.first_start(today, figures)
    if terms.starts_on < first:
        days = figures[ParameterName.START_AFTER]
        yield (
            f"Une formation demandée aujourd’hui commence au plus tôt le {date_fr(first)} "
            f"({days}\u00a0jours ouvrés)."
        )
    most = figures[ParameterName.REQUESTS]
    if requests_made(dossier) >= most:
        yield f"Vous avez déjà fait {most}\u00a0demandes pour cette formation\u00a0: c’est le maximum."


def requests_made(dossier: Dossier) -> int:
    """Return how many requests the person has sent for this offer."""
    sent = Dossier.objects.for_titulaire(dossier.titulaire).filter(offer_id=dossier.offer_id)
    return sent.exclude(state=State.DRAFT).count()


def _is_published(dossier: Dossier) -> bool:
    offer = dossier.offer
    return offer.removed_at is None and not offer.provider.is_suspended


def _unpayable(dossier: Dossier, amounts: Amounts) -> Iterator[str]:
    if amounts.rights_cents == 0:
        yield NO_RIGHTS
    elif amounts.remainder_cents and not payments.is_available():
        yield payments.NOT_AVAILABLE
