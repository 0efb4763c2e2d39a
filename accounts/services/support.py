"""A request to the support, from the form to the answer; everything that is decided leaves a trace."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import (
    DecisionImpossible,
    ReleaseDecided,
    ReleaseImpossible,
    RequestClosed,
    SameAgent,
)
from accounts.models import (
    EventKind,
    NirRelease,
    SupportRequest,
    Titulaire,
    User,
)
from accounts.models.mail import MailKind
from accounts.models.support import DECISIONS_OF, SupportDecision, SupportKind, SupportState
from accounts.models.titulaire import folded_name, sealed_name
from accounts.nir import Nir
from accounts.proofs import identity_proofs
from accounts.services.addresses import ask_email_change
from accounts.services.blocking import unblock
from accounts.services.events import record
from accounts.services.freezing import unfreeze_spending
from accounts.services.mails import post_mail
from accounts.services.releases import approve_release
from cpf_portal.ui.proofs import Proof

NOBODY = "Aucun compte ne porte le numéro donné dans cette demande."
NO_NAME = (
    "Aucun nom n’est enregistré pour le numéro de cette demande\u00a0: il n’y a rien à corriger."
)
TWO_AGENTS = (
    "Deux agents décident d’un retrait\u00a0: l’un le propose depuis le dossier de la personne, un autre "
    "répond ici."
)


def ask_support(
    *,
    kind: SupportKind,
    nir: Nir | None,
    contact_email: str,
    birth_name: str = "",
    message: str = "",
    proof: Proof | None = None,
    user: User | None = None,
) -> SupportRequest:
    """Write a request, promise an acknowledgement to `contact_email`, return the request.

    The number serves to find the person and is not kept: whether it was found is told to nobody. The
    proof is written before the row; one whose row failed is removed by apply_retention.
    """
    name = identity_proofs.store(proof) if proof else ""
    with transaction.atomic():
        request = SupportRequest.objects.create(
            kind=kind,
            titulaire_id=_person(nir, user),
            is_of_holder=user is not None,
            birth_name=birth_name,
            contact_email=contact_email,
            message=message,
            proof_name=name,
            proof_type=proof.media_type if proof else "",
        )
        post_mail(user=None, kind=MailKind.SUPPORT_RECEIVED, recipient=contact_email)
        if user:
            record(user=user, kind=EventKind.SUPPORT_ASKED, detail=request.get_kind_display())
    return request


def _person(nir: Nir | None, user: User | None) -> int | None:
    """Return the key of who is concerned; her number is not deciphered, which would tell that it is known."""
    if nir is None:
        return user.titulaire_id if user else None
    return Titulaire.objects.with_nir(nir).values_list("pk", flat=True).first()


def start_review(*, request: SupportRequest) -> bool:
    """Tell the person that somebody reads her request; False when that was told or it is closed."""
    received = SupportRequest.objects.filter(pk=request.pk, state=SupportState.RECEIVED)
    return bool(received.update(state=SupportState.IN_REVIEW))


def is_free(*, request: SupportRequest) -> bool:
    """Tell whether no account bears the number given any more: taken back, closed or expired meanwhile.

    Its holder may sign up: to say so takes nothing from anybody. The number is not kept, so that one
    whose identity went too is nobody's here, even if it was signed up again since.
    """
    return not User.objects.filter(titulaire=request.titulaire, titulaire__isnull=False).exists()


@transaction.atomic
def decide(
    *,
    request: SupportRequest,
    decision: SupportDecision,
    answer: str,
    author: User,
    now: datetime,
    corrected_name: str = "",
    subject: str = "",
) -> None:
    """Close `request` by `decision`, do what it says, and tell the person by mail that she has an answer.

    `answer` is what she reads with her reference, `subject` that of the mail. Raises RequestClosed when
    somebody has answered, DecisionImpossible (a French sentence) when the decision does not fit the
    request or nobody bears the number.
    """
    if decision not in DECISIONS_OF[SupportKind(request.kind)]:
        raise DecisionImpossible("Cette décision ne répond pas à cette demande.")
    closed = (
        SupportRequest.objects.open()
        .filter(pk=request.pk)
        .update(
            state=SupportState.CLOSED,
            decision=decision,
            answer=answer,
            decided_at=now,
            decided_by=author,
        )
    )
    if not closed:
        raise RequestClosed
    holder = _trace(request, decision, author)
    _apply(request, decision, author, now, corrected_name)
    facts = {"subject": subject} if subject else {}
    recipient = request.contact_email
    post_mail(user=None, kind=MailKind.SUPPORT_ANSWERED, recipient=recipient, facts=facts)
    audit.record(
        kind=AuditKind.REQUEST_ANSWERED,
        actor=author,
        person=holder,
        titulaire=request.titulaire,
        target=request,
        reason=answer,
        about=request.kind,
        decision=decision.value,
    )


def _apply(
    request: SupportRequest,
    decision: SupportDecision,
    author: User,
    now: datetime,
    corrected_name: str,
) -> None:
    if decision == SupportDecision.TRANSFER:
        if not is_free(request=request):
            _transfer(request, author, now)
        if corrected_name:
            _rename(request, corrected_name)
    elif decision == SupportDecision.NEW_EMAIL:
        ask_email_change(user=_account(request), new_email=request.contact_email, now=now)
    elif decision == SupportDecision.UNBLOCK:
        unblock(user=_account(request), author=author)
    elif decision == SupportDecision.UNFREEZE:
        unfreeze_spending(user=_account(request), author=author)
    elif decision == SupportDecision.CORRECT:
        _correct_name(request, corrected_name)


def _account(request: SupportRequest) -> User:
    user = User.objects.filter(titulaire=request.titulaire, titulaire__isnull=False).first()
    if user is None:
        raise DecisionImpossible(NOBODY)
    if user.created_at > request.created_at:
        raise DecisionImpossible(
            "Le compte qui porte ce numéro a été créé après cette demande\u00a0: elle ne le concerne pas."
        )
    return user


def _transfer(request: SupportRequest, author: User, now: datetime) -> None:
    """Confirm, as the second agent, that the number is taken from the account that holds it."""
    _account(request)
    release = NirRelease.objects.pending().filter(titulaire=request.titulaire).first()
    if release is None:
        raise DecisionImpossible(TWO_AGENTS)
    try:
        approve_release(release=release, author=author, now=now, request=request)
    except (SameAgent, ReleaseDecided):
        raise DecisionImpossible(TWO_AGENTS) from None
    except ReleaseImpossible as impossible:
        raise DecisionImpossible(str(impossible)) from None


def _correct_name(request: SupportRequest, corrected_name: str) -> None:
    if request.titulaire is None:
        raise DecisionImpossible(NO_NAME)
    if not corrected_name:
        raise DecisionImpossible("Saisissez le nom de naissance corrigé.")
    is_claimed = request.kind == SupportKind.NIR_TAKEN
    if is_claimed and User.objects.filter(titulaire=request.titulaire).exists():
        raise DecisionImpossible(
            "Un compte porte encore ce numéro\u00a0: retirez-le, avec le nom corrigé, ou gardez-le."
        )
    _rename(request, corrected_name)


def _rename(request: SupportRequest, name: str) -> None:
    """Write the name that was proved, if the identity is still there; of a closed one only its seal."""
    titulaire = Titulaire.objects.filter(support_requests=request).first()
    if titulaire and titulaire.encrypted_nir:
        titulaire.birth_name = name
        titulaire.save(update_fields=["birth_name", "birth_name_folded"])
    elif titulaire:
        sealed = sealed_name(folded_name(name))
        Titulaire.objects.filter(pk=titulaire.pk).update(birth_name_folded=sealed)


def _trace(request: SupportRequest, decision: SupportDecision, author: User) -> User | None:
    user = User.objects.filter(titulaire=request.titulaire, titulaire__isnull=False).first()
    if user:
        record(
            user=user,
            kind=EventKind.SUPPORT_ANSWERED,
            detail=SupportDecision(decision).label,
            author=author,
            reason=request.get_kind_display(),
        )
    return user


def forget_proof(*, request: SupportRequest) -> None:
    """Remove the proof of `request`, which has served."""
    identity_proofs.remove(request.proof_name)
    SupportRequest.objects.filter(pk=request.pk).update(proof_name="", proof_type="")
