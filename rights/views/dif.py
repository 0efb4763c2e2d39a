"""Saisir mon DIF: hours and proof, typed once, corrected while unused."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import Titulaire
from cpf_portal.ui.formats import euros
from cpf_portal.ui.proofs import EXTENSIONS, MAX_BYTES, Proof
from cpf_portal.ui.uploads import BoundedUpload
from rights import services
from rights.exceptions import DifClosed, DifDeclared, DifUsed, DifWorn
from rights.forms import DifForm
from rights.models import DifDeclaration, Figures, Parameter, ParameterName, RightsAccount
from rights.proofs import dif_proofs
from rights.views.common import titulaire_page

REFUSALS = {
    DifClosed: "La saisie du DIF est close. Écrivez à l’assistance si vous pensez y avoir droit.",
    DifUsed: (
        "Une partie de votre DIF est réservée ou utilisée\u00a0: vous ne pouvez plus le corriger"
        " ici. Écrivez à l’assistance."
    ),
    DifWorn: "Vous avez corrigé votre DIF plusieurs fois déjà\u00a0: écrivez à l’assistance.",
}


@csrf_exempt  # only so that the bound is set before the token is looked for: `_dif` is protected
def dif(request: HttpRequest) -> HttpResponse:
    bound = BoundedUpload(request, max_bytes=MAX_BYTES)
    request.upload_handlers = [bound]
    return _dif(request, bound)


@csrf_protect
def _dif(request: HttpRequest, bound: BoundedUpload) -> HttpResponse:
    return _dif_page(request, bound)


@titulaire_page("GET", "POST")
def _dif_page(request: HttpRequest, titulaire: Titulaire, bound: BoundedUpload) -> HttpResponse:
    desk = _Desk(titulaire)
    form = desk.form(request, bound)
    if request.method == "POST" and form.is_valid() and (done := _saved(desk, form)):
        messages.success(request, done)
        return redirect("rights:dif")
    context = {"desk": desk, "form": form}
    return render(request, "rights/dif.html", context, status=422 if form.errors else 200)


@titulaire_page("GET")
def dif_proof(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    """Give her own proof back to its holder."""
    declaration = DifDeclaration.objects.latest_of(RightsAccount.objects.held_by(titulaire))
    if declaration is None:
        raise Http404
    return proof_response(declaration)


def proof_response(declaration: DifDeclaration) -> HttpResponse:
    """Return the proof as a download that no browser opens in the portal's name.

    Raises Http404 when the file is gone.
    """
    try:
        content = dif_proofs.load(declaration.proof_name)
    except FileNotFoundError:
        raise Http404 from None
    name = f"justificatif-dif-{declaration.pk}.{EXTENSIONS[declaration.proof_type]}"
    return HttpResponse(
        content,
        content_type=declaration.proof_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


class _Desk:
    """What the page knows of the DIF of one person."""

    def __init__(self, titulaire: Titulaire) -> None:
        self.titulaire = titulaire
        self.figures: Figures = Parameter.objects.figures(timezone.localdate())
        self.account = RightsAccount.objects.held_by(titulaire)
        self.declaration = DifDeclaration.objects.latest_of(self.account)
        self.deadline = services.dif_deadline(self.figures)
        self.hours_cap = self.figures[ParameterName.DIF_HOURS_CAP]
        self.hour_cents = self.figures[ParameterName.DIF_HOUR_VALUE]

    @property
    def standing(self) -> DifDeclaration | None:
        return self.declaration if self.declaration and self.declaration.is_standing else None

    @property
    def can_correct(self) -> bool:
        return self.standing is not None and services.is_dif_correctable(
            self.standing, self.account
        )

    @property
    def can_declare(self) -> bool:
        return services.is_dif_open(self.figures) and not self.granted_cents

    @cached_property
    def granted_cents(self) -> int:
        return services.granted_dif_cents(self.account)

    @property
    def has_form(self) -> bool:
        return self.can_correct if self.standing else self.can_declare

    @property
    def highest_cents(self) -> int:
        return self.hours_cap * self.hour_cents

    def form(self, request: HttpRequest, bound: BoundedUpload) -> DifForm:
        is_post = request.method == "POST"
        return DifForm(
            request.POST if is_post else None,
            request.FILES if is_post else None,
            figures=self.figures,
            is_correction=self.standing is not None,
            has_proof=bool(self.standing and self.standing.proof_name),
            is_file_too_large=is_post and bound.is_exceeded,
            initial={"hours": self.standing.hours} if self.standing else None,
        )

    def save(self, *, hours: int, proof: Proof | None) -> DifDeclaration:
        today = self.figures.on
        if self.standing:
            return services.correct_dif(
                declaration=self.standing, hours=hours, proof=proof, today=today
            )
        return services.declare_dif(titulaire=self.titulaire, hours=hours, proof=proof, today=today)


def _saved(desk: _Desk, form: DifForm) -> str:
    """Save, and return the sentence that says so; nothing when the form has an error more."""
    try:
        declaration = desk.save(**form.cleaned_data)
    except DifDeclared:
        return "Vos heures de DIF figurent déjà sur votre compte\u00a0: les voici."
    except tuple(REFUSALS) as error:
        form.add_error(None, REFUSALS[type(error)])
        return ""
    return (
        f"{declaration.hours}\u00a0heures de DIF, soit {euros(declaration.amount_cents)},"
        " figurent maintenant dans vos droits."
    )
