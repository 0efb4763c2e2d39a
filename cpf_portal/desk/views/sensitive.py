"""What is rarely needed and never light: a number in full, an account erased."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import limits, services
from accounts.models import Titulaire
from cpf_portal.desk.acts import TOLD
from cpf_portal.desk.forms import AnonymiseForm, RevealForm
from cpf_portal.desk.pages import form_page, on_open_file, page, posted
from cpf_portal.personal_data import closing
from cpf_portal.ui.errors import TooManyRequests

REFUSALS = {
    closing.DossiersRunning: "Un dossier de formation est en cours\u00a0: il doit d’abord se terminer.",
    closing.SpendingFrozen: "L’usage des droits est suspendu\u00a0: répondez d’abord à la personne.",
}


@on_open_file("accounts.reveal_nir")
def reveal(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    """Show the number once, in the answer to a POST: the same form posted again shows nothing."""
    form = RevealForm(posted(request))
    if not form.is_valid():
        return _reveal_page(request, titulaire, form)
    try:
        limits.hit("nir-reveal-once", person=str(form.cleaned_data["once"]))
    except TooManyRequests:
        return _reveal_page(request, titulaire, form.served())
    limits.hit("nir-reveal", person=f"staff:{request.user.pk}")
    reason = form.cleaned_data["reason"]
    nir = services.reveal_nir(titulaire=titulaire, author=request.user, reason=reason)
    if nir is None:
        raise Http404
    response = page(
        request, "revealed", title="Numéro de sécurité sociale", titulaire=titulaire, nir=nir.spaced
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _reveal_page(request: HttpRequest, titulaire: Titulaire, form: RevealForm) -> HttpResponse:
    return form_page(
        request, titulaire, form, title="Afficher le numéro de sécurité sociale",
        submit="Afficher le numéro", is_grave=True,
        will=[
            "Le numéro s’affiche une fois, sur la page qui suit\u00a0; il n’est gardé nulle part.",
            "Chaque affichage est compté et limité.",
            TOLD,
        ],
    )  # fmt: skip


@on_open_file("accounts.anonymise_user")
def anonymise(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    if not hasattr(titulaire, "user"):
        raise Http404
    form = AnonymiseForm(posted(request))
    if form.is_valid():
        try:
            reason, now = form.cleaned_data["reason"], timezone.now()
            closing.close(user=titulaire.user, now=now, author=request.user, reason=reason)
        except tuple(REFUSALS) as refusal:
            form.add_error(None, REFUSALS[type(refusal)])
    if not form.is_valid():
        return form_page(
            request, titulaire, form, title="Effacer le compte à sa demande",
            submit="Effacer le compte", is_grave=True,
            will=[
                "À n’employer que sur une demande écrite de la personne, dont l’identité est vérifiée.",
                "Le compte, le nom, le numéro, les coordonnées, l’historique et les notes sont effacés.",
                "Les mouvements de droits restent, sans nom\u00a0: la loi demande de les garder.",
                "Un courriel le lui dit. Rien ne permet de revenir en arrière.",
            ],
        )  # fmt: skip
    messages.success(request, "Le compte est effacé. Un courriel le confirme à la personne.")
    return redirect("admin:index")
