"""Declarations that change the yearly credit, with their consequence said before they are made."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Titulaire
from rights import services
from rights.forms import DeclarationForm
from rights.models import Declaration, DeclarationKind, Figures, Parameter
from rights.models import ParameterName as P
from rights.views.common import titulaire_page

KINDS = {
    "diplome": DeclarationKind.LOW_QUALIFIED,
    "obligation-emploi": DeclarationKind.BOETH,
}
SLUGS = {kind: slug for slug, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a declaration changes, in cents, with the figures of today."""

    yearly_cents: int
    cap_cents: int
    ordinary_cents: int
    ordinary_cap_cents: int
    legal_basis: str


@titulaire_page("GET")
def declarations(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    figures = Parameter.objects.figures(timezone.localdate())
    made = list(Declaration.objects.for_titulaire(titulaire).order_by("-declared_on", "-pk"))
    standing = {row.kind: row for row in made if row.withdrawn_on is None}
    choices = [
        {
            "slug": slug,
            "label": kind.label,
            "standing": standing.get(kind),
            "effect": _effect(kind, figures),
        }
        for slug, kind in KINDS.items()
    ]
    past = [row for row in made if row.withdrawn_on is not None]
    return render(request, "rights/declarations.html", {"choices": choices, "past": past})


@titulaire_page("GET", "POST")
def declaration(request: HttpRequest, titulaire: Titulaire, slug: str) -> HttpResponse:
    """Say what follows, then declare or, when the declaration stands, withdraw it."""
    if slug not in KINDS:
        raise Http404
    kind, today = KINDS[slug], timezone.localdate()
    standing = Declaration.objects.in_force().for_titulaire(titulaire).filter(kind=kind).first()
    # the button tells what it did when the page was shown: a second click does not undo the first
    withdraws = request.POST.get("action") == "withdraw" if request.POST else standing is not None
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        change = services.withdraw if withdraws else services.declare
        change(titulaire=titulaire, kind=kind, today=today)
        messages.success(request, _done(withdraws, today.year))
        return redirect("rights:declarations")
    context = {
        "slug": slug,
        "kind": kind,
        "label": kind.label,
        "standing": standing,
        "withdraws": withdraws,
        "form": form,
        "effect": _effect(kind, Parameter.objects.figures(today)),
        "year": today.year,
    }
    return render(request, "rights/declaration.html", context, status=422 if form.errors else 200)


def _done(withdraws: bool, year: int) -> str:
    if withdraws:
        return f"Votre déclaration est retirée\u00a0: elle ne compte plus à partir de {year + 1}."
    return f"Votre déclaration est enregistrée\u00a0: elle compte à partir de l’année {year}."


def _effect(kind: DeclarationKind, figures: Figures) -> Effect:
    ordinary = figures[P.CREDIT]
    if kind == DeclarationKind.BOETH:
        source, yearly, cap = P.BOETH_EXTRA, ordinary + figures[P.BOETH_EXTRA], P.BOETH_CAP
    else:
        source, cap = P.LOW_QUALIFIED_CREDIT, P.LOW_QUALIFIED_CAP
        yearly = figures[source]
    return Effect(
        yearly, figures[cap], ordinary, figures[P.CREDIT_CAP], figures.legal_basis(source)
    )
