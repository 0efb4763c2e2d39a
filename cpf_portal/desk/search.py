"""Who is meant by what was typed: a few people at most, each found by an index."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import SupportRequest, Titulaire, User
from cpf_portal.desk.terms import Term, TermKind
from cpf_portal.ui.masking import mask_email
from rights.models import Dossier

MAX_FOUND = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The people (pk of titulaire) that a term means, MAX_FOUND at most; or one request to the support."""

    people: list[int]
    has_more: bool = False
    request: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One of several people, with what tells her from the others and no more."""

    pk: int
    name: str
    birth_year: str
    email: str
    state: str


def find(term: Term) -> Found:
    """Return whom `term` means. One query, two for a reference."""
    pks = list(_matching(term)[: MAX_FOUND + 1])
    if not pks and term.kind is TermKind.REFERENCE:
        asked = SupportRequest.objects.filter(reference=term.value).first()
        return Found([], request=asked.pk if asked else None)
    return Found(pks[:MAX_FOUND], has_more=len(pks) > MAX_FOUND)


def _matching(term: Term) -> QuerySet:
    if term.kind is TermKind.NIR and term.nir:
        return Titulaire.objects.with_nir(term.nir).values_list("pk", flat=True)
    if term.kind is TermKind.EMAIL:
        return _holders(User.objects.with_email(term.value))
    if term.kind is TermKind.PHONE:
        return _holders(User.objects.with_phone(term.value))
    if term.kind is TermKind.REFERENCE:
        return Dossier.objects.filter(reference=term.value).values_list("titulaire_id", flat=True)
    if term.kind is TermKind.NAME:
        return Titulaire.objects.named(term.value).values_list("pk", flat=True)
    return Titulaire.objects.none()


def _holders(users: QuerySet[User]) -> QuerySet:
    return users.citizens().order_by("pk").values_list("titulaire_id", flat=True)


def lines(pks: list[int]) -> list[Line]:
    """Return the people of `pks` as a list shows them, by name. One query."""
    people = Titulaire.objects.filter(pk__in=pks).select_related("user").defer("encrypted_nir")
    return [_line(titulaire) for titulaire in people.order_by("birth_name_folded", "pk")]


def _line(titulaire: Titulaire) -> Line:
    user = getattr(titulaire, "user", None)
    year = titulaire.birth_year
    return Line(
        pk=titulaire.pk,
        name=titulaire.birth_name,
        birth_year="inconnue" if year is None else f"{year:02d}",
        email=mask_email(user.email) if user else "",
        state=account_state(user),
    )


def account_state(user: User | None) -> str:
    """Return the state of an account in a few words."""
    if user is None:
        return "sans compte"
    if not user.is_active:
        return f"bloqué\u00a0: {user.get_blocked_reason_display() or 'motif inconnu'}"
    if user.spending_frozen_at:
        return "ouvert, usage des droits suspendu"
    return "ouvert" if user.has_confirmed_email else "courriel à confirmer"
