"""The DIF: declared by its holder, credited at once, corrected while unused, its proof examined.

Ordonnance n° 2019-861 of 21 August 2019, art. 8: the hours are worth euros, count in the caps and are
declared by their holder before a deadline, which the operator may leave open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import EventKind, Titulaire, User
from accounts.models.mail import MailKind
from accounts.services import post_mail
from accounts.services import record as note_event
from cpf_portal.ui.proofs import Proof
from rights.exceptions import DifClosed, DifDeclared, DifUsed, DifWorn, ProofErased
from rights.models import (
    DifDeclaration,
    DifState,
    Figures,
    Movement,
    MovementKind,
    Parameter,
    ParameterName,
    Pocket,
    RightsAccount,
)
from rights.models.dif import MAX_REVISIONS, DifDeclarationQuerySet
from rights.models.ledger import RESERVATION_KINDS
from rights.proofs import dif_proofs
from rights.services.ledger import locked, open_account, record

DIF_YEAR = 2014  # the last year of the DIF: acquired to 31 December 2014
SOURCE = "Déclaration du titulaire"
REFUSED = "Justificatif refusé\u00a0: "
ERASED = (
    "La pièce est effacée\u00a0: on ne peut plus l’accepter. Refusez-la, en demandant à la personne de la "
    "renvoyer."
)
DISOWNED = (
    "Heures déclarées depuis un compte que personne n’avait vérifié, repris depuis par son titulaire. "
    "Si elles sont les vôtres, déclarez-les de nouveau\u00a0; si le portail ne le permet pas, parce qu’une "
    "partie a servi, écrivez à l’assistance."
)


def dif_deadline(figures: Figures) -> date | None:
    """Return the last day to declare the DIF, None while the operator leaves it open."""
    return figures.figure(ParameterName.DIF_DEADLINE).day


def is_dif_open(figures: Figures) -> bool:
    """Tell whether the DIF can be declared on the day of `figures`."""
    deadline = dif_deadline(figures)
    return deadline is None or figures.on <= deadline


def is_dif_correctable(declaration: DifDeclaration, account: RightsAccount) -> bool:
    """Tell whether nothing of a standing declaration is reserved or spent, and corrections are left."""
    is_whole = account.dif_cents >= declaration.amount_cents
    return is_whole and declaration.revision < MAX_REVISIONS


def declare_dif(*, titulaire: Titulaire, hours: int, proof: Proof, today: date) -> DifDeclaration:
    """Credit `hours` of DIF to `titulaire` and put its proof in the queue of the staff.

    Raises DifClosed after the deadline, DifDeclared when the account bears a DIF already,
    ValueError when the hours are not between 1 and the ceiling.
    """
    figures = Parameter.objects.figures(today)
    if not is_dif_open(figures):
        raise DifClosed
    _refuse_impossible_hours(hours, figures)
    with _kept(proof) as name, transaction.atomic():
        account = _locked_account(titulaire)
        _refuse_second_declaration(account)
        declaration = DifDeclaration(account=account, proof_name=name, proof_type=proof.media_type)
        _price(declaration, hours, figures)
        _queue(declaration)
        _insert(declaration)
        _credit(declaration, figures)
    return declaration


def correct_dif(
    *, declaration: DifDeclaration, hours: int, proof: Proof | None, today: date
) -> DifDeclaration:
    """Replace the hours of a standing declaration by counter-movements, and its proof when one is given.

    The examination starts again. Raises DifUsed when a part was reserved or spent, DifWorn after
    MAX_REVISIONS, DifDeclared when it stands no more, DifClosed for more hours after the last day,
    ValueError as `declare_dif` does.
    """
    figures = Parameter.objects.figures(today)
    _refuse_impossible_hours(hours, figures)
    with _kept(proof) as name, transaction.atomic():
        current = _locked_declaration(declaration)
        _replace_hours(current, hours, figures)
        if proof:
            transaction.on_commit(partial(dif_proofs.remove, current.proof_name))
            current.proof_name, current.proof_type = name, proof.media_type
        _queue(current)
        current.save()
    return current


def granted_dif_cents(account: RightsAccount) -> int:
    """Return the DIF that stands on the account in cents, whether it is available, reserved or spent."""
    if account.pk is None:
        return 0
    granted = Movement.objects.filter(account=account, pocket=Pocket.DIF)
    total = granted.exclude(kind__in=RESERVATION_KINDS).aggregate(sum=Sum("amount_cents"))
    return int(total["sum"] or 0)


def owed_dif_cents(account: RightsAccount) -> int:
    """Return the DIF of refused declarations that is taken back, in cents, as soon as it comes back."""
    return sum(declaration.spent_cents for declaration in _owing(account))


def _owing(account: RightsAccount) -> DifDeclarationQuerySet:
    """Return the refused declarations that are to be paid back: none while another one stands."""
    owing = DifDeclaration.objects.refused_and_unpaid(account)
    return owing.none() if _standing(account).exists() else owing


@contextmanager
def _kept(proof: Proof | None) -> Iterator[str]:
    """Store `proof` for a transaction, which removes it when it fails."""
    name = dif_proofs.store(proof) if proof else ""
    try:
        yield name
    except BaseException:
        if name:
            dif_proofs.remove(name)
        raise


def _insert(declaration: DifDeclaration) -> None:
    """Write the row; its unique index is the last guard against two declarations at once."""
    try:
        with transaction.atomic():
            declaration.save()
    except IntegrityError:
        raise DifDeclared from None


@transaction.atomic
def accept_dif(*, declaration: DifDeclaration, author: User) -> DifDeclaration:
    """Close the examination: the hours are proved.

    Raises DifDeclared when it was decided already, ProofErased when nobody can look at the proof any more.
    """
    current = _locked_declaration(declaration, DifState.TO_EXAMINE)
    if not current.proof_name:
        raise ProofErased(ERASED)
    current.state = DifState.ACCEPTED
    return _decide(current, author)


@transaction.atomic
def refuse_dif(
    *, declaration: DifDeclaration, author: User, reason: str, today: date
) -> DifDeclaration:
    """Refuse the proof: take back what is unspent; `spent_cents` then says what was not.

    Raises DifDeclared when it was refused already, ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a refusal has a reason")
    current = _locked_declaration(declaration)
    taken = min(current.account.dif_cents, current.amount_cents)
    if taken:
        _withdraw(current, taken, f"{REFUSED}{reason.strip()}", today)
    current.state, current.taken_back_cents = DifState.REFUSED, taken
    current.decision_reason = reason.strip()
    return _decide(current, author)


@transaction.atomic
def take_back_refused_dif(*, account: RightsAccount, today: date) -> int:
    """Take back the DIF of refused declarations that a reservation has given back; return the cents.

    To be called by who releases a reservation, in its transaction.
    """
    account = locked(account)
    total = 0
    for declaration in _owing(account):
        taken = min(account.dif_cents - total, declaration.spent_cents)
        if taken:
            declaration.taken_back_cents += taken
            declaration.save(update_fields=["taken_back_cents"])
            _withdraw(declaration, taken, f"{REFUSED}{declaration.decision_reason}", today)
            total += taken
    return total


@transaction.atomic
def disown_dif(*, titulaire: Titulaire, since: datetime, today: date) -> tuple[int, int]:
    """Take back the DIF declared since then by somebody else; return the cents taken back, and those used.

    Hours whose proof was accepted stay, and their proof is examined once more. The holder may declare
    hers again.
    """
    account = RightsAccount.objects.for_titulaire(titulaire).first()
    if account is None:
        return 0, 0
    current, taken, used = locked(account), 0, 0
    for declaration in DifDeclaration.objects.filter(account=current, declared_at__gte=since):
        declaration.account = current
        if declaration.state == DifState.ACCEPTED and declaration.proof_name:
            _queue(declaration)
        elif declaration.state == DifState.TO_EXAMINE:
            taken += _disown(declaration, today)
            used += declaration.spent_cents
        else:
            used += declaration.spent_cents
        if declaration.state == DifState.REFUSED:
            transaction.on_commit(partial(dif_proofs.remove, declaration.proof_name))
            declaration.proof_name = ""
        declaration.save()
    return taken, used


def _disown(declaration: DifDeclaration, today: date) -> int:
    """Refuse what was declared, in nobody's name; return the cents that could be taken back."""
    taken = min(declaration.account.dif_cents, declaration.amount_cents)
    if taken:
        _withdraw(declaration, taken, DISOWNED, today)
    declaration.state, declaration.taken_back_cents = DifState.REFUSED, taken
    declaration.decision_reason, declaration.decided_at = DISOWNED, timezone.now()
    return taken


@transaction.atomic
def forget_dif_proof(*, declaration: DifDeclaration) -> None:
    """Remove the file of a decided declaration, which has served; what was decided stays."""
    current = DifDeclaration.objects.select_for_update().get(pk=declaration.pk)
    if current.state == DifState.TO_EXAMINE:
        return
    transaction.on_commit(partial(dif_proofs.remove, current.proof_name))
    current.proof_name = ""
    current.save(update_fields=["proof_name"])


def _refuse_impossible_hours(hours: int, figures: Figures) -> None:
    if not 1 <= hours <= figures[ParameterName.DIF_HOURS_CAP]:
        raise ValueError("hours of DIF out of bounds")


def _locked_account(titulaire: Titulaire) -> RightsAccount:
    return locked(open_account(titulaire=titulaire))


def _standing(account: RightsAccount) -> DifDeclarationQuerySet:
    return DifDeclaration.objects.filter(account=account).standing()


def _refuse_second_declaration(account: RightsAccount) -> None:
    """A DIF is declared once; not when the register brought it, nor while a refused part stays spent."""
    if granted_dif_cents(account):
        raise DifDeclared


def _locked_declaration(declaration: DifDeclaration, *states: DifState) -> DifDeclaration:
    """Return the declaration as it stands now, its account locked. Raises DifDeclared in another state."""
    account = locked(declaration.account)
    current = DifDeclaration.objects.get(pk=declaration.pk)
    current.account = account
    if current.state not in (states or (DifState.TO_EXAMINE, DifState.ACCEPTED)):
        raise DifDeclared
    return current


def _price(declaration: DifDeclaration, hours: int, figures: Figures) -> None:
    declaration.hours = hours
    declaration.amount_cents = hours * figures[ParameterName.DIF_HOUR_VALUE]
    declaration.legal_basis = figures.legal_basis(ParameterName.DIF_HOUR_VALUE)


def _queue(declaration: DifDeclaration) -> None:
    declaration.state, declaration.submitted_at = DifState.TO_EXAMINE, timezone.now()
    declaration.decided_at = declaration.decided_by = None
    declaration.decision_reason = ""


def _replace_hours(declaration: DifDeclaration, hours: int, figures: Figures) -> None:
    """Withdraw what was credited and credit the new hours, unless they are the same."""
    if hours == declaration.hours:
        return
    if hours > declaration.hours and not is_dif_open(figures):
        raise DifClosed  # after the last day, hours may only be taken away
    if declaration.account.dif_cents < declaration.amount_cents:
        raise DifUsed
    if declaration.revision == MAX_REVISIONS:
        raise DifWorn
    _withdraw(
        declaration, declaration.amount_cents, "Heures corrigées par le titulaire", figures.on
    )
    declaration.revision += 1
    _price(declaration, hours, figures)
    _credit(declaration, figures)


def _credit(declaration: DifDeclaration, figures: Figures) -> None:
    record(
        Movement(
            account=declaration.account,
            kind=MovementKind.DIF,
            pocket=Pocket.DIF,
            amount_cents=declaration.amount_cents,
            effective_on=figures.on,
            year=DIF_YEAR,
            source=SOURCE,
            legal_basis=declaration.legal_basis,
            details={
                "hours": declaration.hours,
                "cents_per_hour": figures[ParameterName.DIF_HOUR_VALUE],
            },
            idempotency_key=f"dif:{declaration.pk}:{declaration.revision}",
        )
    )


def _withdraw(declaration: DifDeclaration, cents: int, reason: str, today: date) -> None:
    """Take `cents` out of the pocket; the key counts what was taken before, so each serves once."""
    record(
        Movement(
            account=declaration.account,
            kind=MovementKind.DIF_WITHDRAWAL,
            pocket=Pocket.DIF,
            amount_cents=-cents,
            effective_on=today,
            year=DIF_YEAR,
            source=SOURCE,
            legal_basis=declaration.legal_basis,
            reason=reason[:300],
            idempotency_key=(
                f"dif-withdrawal:{declaration.pk}:{declaration.revision}"
                f":{declaration.taken_back_cents}"
            ),
        )
    )


def _decide(declaration: DifDeclaration, author: User) -> DifDeclaration:
    declaration.decided_by, declaration.decided_at = author, timezone.now()
    declaration.save()
    holder = _tell_holder(declaration)
    audit.record(
        kind=AuditKind.PROOF_EXAMINED,
        actor=author,
        person=holder,
        titulaire=declaration.account.titulaire,
        target=declaration,
        reason=declaration.decision_reason,
        state=declaration.state,
    )
    return declaration


def _tell_holder(declaration: DifDeclaration) -> User | None:
    """Write it into the history of the holder and promise a mail; return her account, if she has one."""
    user = User.objects.filter(titulaire=declaration.account.titulaire).first()
    if user:
        is_accepted = declaration.state == DifState.ACCEPTED
        post_mail(
            user=user,
            kind=MailKind.DIF_ACCEPTED if is_accepted else MailKind.DIF_REFUSED,
            facts={"reason": declaration.decision_reason},
        )
        note_event(
            user=user,
            kind=EventKind.PROOF_EXAMINED,
            detail=declaration.get_state_display(),
            author=declaration.decided_by,
            reason=declaration.decision_reason,
        )
    return user
