"""What the file of a person shows, whatever she has: a fixed number of queries, ten rows of each kind."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from accounts import limits
from accounts.models import (
    AccountEvent,
    AccountSession,
    NirRelease,
    OutgoingMail,
    SupportNote,
    SupportRequest,
    Titulaire,
    User,
)
from accounts.models.support import SupportKind, SupportState
from cpf_portal.desk.search import account_state
from rights.dossiers.states import State
from rights.models import (
    CorrectionProposal,
    Declaration,
    DeclarationKind,
    DifDeclaration,
    DifState,
    Dossier,
    Movement,
    RightsAccount,
)

LAST = 10


@dataclass(frozen=True, slots=True)
class Paper:
    """A note, a request, a declaration or a proof: when, what, in which state."""

    kind: str
    pk: int
    at: datetime
    text: str
    state: str
    author: int | None


@dataclass(slots=True)
class File:
    """All that the page of a person shows."""

    titulaire: Titulaire
    user: User | None
    account: RightsAccount | None
    locked_until: datetime | None
    movements: list[Movement]
    dossiers: list[Dossier]
    mails: list[OutgoingMail]
    events: list[AccountEvent]
    papers: list[Paper]

    @property
    def state(self) -> str:
        return account_state(self.user)

    @property
    def notes(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind == "note"]

    @property
    def requests(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind == "request"]

    @property
    def declarations(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind in {"declaration", "dif"}]


def find_titulaire(pk: int) -> Titulaire | None:
    """Return the person of a file with her account and her rights; one query.

    `open_sessions`, `release`, `corrections` and `is_linked` come with her, counted in the same query.
    """
    people = Titulaire.objects.select_related("user", "rights_account").annotate(
        open_sessions=_count(
            AccountSession.objects.living(timezone.now()).filter(user__titulaire=OuterRef("pk"))
        ),
        corrections=_count(
            CorrectionProposal.objects.pending().filter(account__titulaire=OuterRef("pk"))
        ),
        release=Subquery(
            NirRelease.objects.pending().filter(titulaire=OuterRef("pk")).values("pk")[:1]
        ),
        has_running_dossier=Exists(Dossier.objects.running().filter(titulaire=OuterRef("pk"))),
    )
    return people.filter(pk=pk).first()


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def file_of(titulaire: Titulaire) -> File:
    """Return what the file of `titulaire` (find_titulaire) shows; seven queries."""
    user, account = (getattr(titulaire, name, None) for name in ("user", "rights_account"))
    return File(
        titulaire=titulaire,
        user=user,
        account=account,
        locked_until=limits.locked_until(titulaire) if user else None,
        movements=list(account.movements.newest_first()[:LAST]) if account else [],
        dossiers=_dossiers(titulaire),
        mails=list(user.mails.order_by("-pk")[:LAST]) if user else [],
        events=list(AccountEvent.objects.of(user)[:LAST]) if user else [],
        papers=_papers(titulaire, account),
    )


def _dossiers(titulaire: Titulaire) -> list[Dossier]:
    """Her dossiers, newest first; a draft is nobody’s business but hers."""
    sent = Dossier.objects.for_titulaire(titulaire).exclude(state=State.DRAFT)
    return list(sent.order_by("-pk")[:LAST])


def next_day_of(dossier: Dossier) -> tuple[str, date] | None:
    """Return the next day of a dossier and what it is, if something is still to come."""
    if dossier.is_closed:
        return None
    if dossier.due_on:
        return "réponse avant la fin du", dossier.due_on
    if dossier.force_majeure_claimed_at:
        return "force majeure à examiner, déclarée le", _day(dossier.force_majeure_claimed_at)
    if dossier.absence_until:
        return "absence déclarée, établie après le", dossier.absence_until
    if dossier.state == State.VALIDATED:
        return "début le", dossier.starts_on
    if dossier.state == State.IN_TRAINING and dossier.ends_on:
        return "fin le", dossier.ends_on
    return None


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


# --- notes, requests, declarations and proofs: four small tables in one query


def _papers(titulaire: Titulaire, account: RightsAccount | None) -> list[Paper]:
    notes = _part(
        "note",
        SupportNote.objects.filter(titulaire=titulaire),
        "written_at",
        "text",
        author="author_id",
    )
    requests = _part(
        "request", SupportRequest.objects.filter(titulaire=titulaire), "created_at", "kind", "state"
    )
    declarations = _part(
        "declaration",
        Declaration.objects.for_titulaire(titulaire),
        "declared_on",
        "kind",
        "withdrawn_on",
    )
    proofs = _part(
        "dif", DifDeclaration.objects.filter(account=account), "submitted_at", "hours", "state"
    )
    rows = notes.union(requests, declarations, proofs, all=True)
    papers = [Paper(kind, *row) for kind, *row in rows]
    return sorted((_in_words(paper) for paper in papers), key=lambda p: (p.at, p.pk), reverse=True)


def _part(
    kind: str, rows: QuerySet, at: str, text: str, state: str = "", author: str = ""
) -> QuerySet:
    """Return the rows of one table in the columns of Paper."""
    columns = {
        "paper_kind": Value(kind, CharField()),
        "paper_pk": F("pk"),
        "paper_at": Cast(at, DateTimeField()),
        "paper_text": Cast(text, TextField()),
        "paper_state": Cast(state, TextField()) if state else Value("", TextField()),
        "paper_author": F(author) if author else Value(None, BigIntegerField()),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def _in_words(paper: Paper) -> Paper:
    if paper.kind == "request":
        return replace(
            paper,
            text=SupportKind(paper.text).label,
            state=SupportState(paper.state).label,
        )
    if paper.kind == "declaration":
        state = f"retirée le {paper.state}" if paper.state else "en vigueur"
        return replace(paper, text=DeclarationKind(paper.text).label, state=state)
    if paper.kind == "dif":
        text, state = f"DIF\u00a0: {paper.text} heures", DifState(paper.state).label
        return replace(paper, text=text, state=state)
    return paper
