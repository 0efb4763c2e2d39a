"""A number held wrongly: one agent proposes to take it back, another one decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts import services
from accounts.admin_opening import still_closed
from accounts.exceptions import ReleaseDecided, ReleaseImpossible, SameAgent
from accounts.models import NirRelease, Titulaire, User
from cpf_portal.desk.acts import TOLD
from cpf_portal.desk.forms import ReasonForm
from cpf_portal.desk.pages import form_page, on_open_file, page, posted
from cpf_portal.ui.admin import require

DECISIONS = (("approve", "Confirmer le retrait"), ("refuse", "Laisser le numéro à ce compte"))


@on_open_file("accounts.release_nir")
def propose(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    form = ReasonForm(posted(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.propose_release(titulaire=titulaire, author=request.user, reason=reason)
        except ReleaseImpossible as impossible:
            form.add_error(None, str(impossible))
    if not form.is_valid():
        return form_page(
            request, titulaire, form, title="Proposer le retrait du numéro", submit="Proposer le retrait",
            is_grave=True,
            will=[
                "Ce compte tient un numéro qui n’est pas celui de son titulaire.",
                "Un autre agent doit confirmer\u00a0: rien ne change avant.",
                "Alors ce compte perdra le numéro et sera effacé\u00a0; les droits attendront leur vrai "
                "titulaire, qui pourra s’inscrire.",
                TOLD,
            ],
        )  # fmt: skip
    messages.success(request, "Le retrait est proposé\u00a0: un autre agent doit le confirmer.")
    return redirect("admin:desk_file", titulaire.pk)


def waiting(request: HttpRequest) -> HttpResponse:
    """The proposals that wait for a second person, the oldest first."""
    require(request, "accounts.release_nir")
    releases = NirRelease.objects.pending().select_related("proposed_by").order_by("pk")[:100]
    return page(request, "releases", title="Retraits de numéro à confirmer", releases=releases)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    require(request, "accounts.release_nir")
    releases = NirRelease.objects.pending().select_related("titulaire__user", "proposed_by")
    release = get_object_or_404(releases, pk=pk)
    if closed := still_closed(request, release.titulaire):
        return closed
    if request.method == "POST" and (refusal := _decided(request, release, request.user)):
        messages.warning(request, refusal)
    elif request.method == "POST":
        return redirect("admin:index")
    return form_page(
        request, release.titulaire, None, title="Décider du retrait du numéro", submit="",
        is_grave=True, decisions=DECISIONS, facts=_facts(release),
        is_own=release.proposed_by_id == request.user.pk,
        will=[
            "Confirmer efface le compte qui tient le numéro et ferme ses connexions\u00a0; un courriel "
            "le lui dit.",
            "Les droits restent et attendent leur vrai titulaire, qui pourra s’inscrire.",
        ],
    )  # fmt: skip


def _facts(release: NirRelease) -> list[tuple[str, object]]:
    return [
        ("Proposé le", timezone.localtime(release.proposed_at).strftime("%d/%m/%Y à %H:%M")),
        ("Par", f"agent n°\u00a0{release.proposed_by_id}"),
        ("Motif", release.reason),
    ]


def _decided(request: HttpRequest, release: NirRelease, author: User) -> str:
    """Do what was chosen; return the sentence that says why it was not."""
    now, is_approving = timezone.now(), request.POST.get("decision") == "approve"
    decide_it = services.approve_release if is_approving else services.refuse_release
    try:
        decide_it(release=release, author=author, now=now)
    except SameAgent:
        return "Une autre personne que vous doit décider\u00a0: vous avez proposé ce retrait."
    except ReleaseDecided:
        return "Ce retrait vient d’être décidé."
    except ReleaseImpossible as impossible:
        return str(impossible)
    done = "Le numéro est libéré." if is_approving else "Le numéro reste à ce compte."
    messages.success(request, done)
    return ""
