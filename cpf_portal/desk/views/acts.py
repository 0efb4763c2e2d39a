"""The everyday acts: each says what will happen, and is done by a POST."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts import limits, services
from accounts.exceptions import (
    AccountBlocked,
    AlreadyConfirmed,
    ConfirmationExpired,
    MailNotRepeatable,
)
from accounts.models import OutgoingMail, Titulaire
from cpf_portal.desk.acts import BY_NAME, TOLD, Refused
from cpf_portal.desk.forms import NoteForm, ReasonForm
from cpf_portal.desk.pages import form_page, on_open_file, posted
from cpf_portal.ui.admin import require
from cpf_portal.ui.masking import MASK

RESEND_REFUSALS = {
    MailNotRepeatable: "Ce courriel ne peut pas repartir\u00a0: son contenu n’est plus gardé.",
    AlreadyConfirmed: "Cette adresse est déjà confirmée\u00a0: il n’y a rien à renvoyer.",
    ConfirmationExpired: "Le délai est passé\u00a0: la personne doit s’inscrire à nouveau.",
    AccountBlocked: "Ce compte est bloqué\u00a0: débloquez-le d’abord.",
}


@on_open_file("accounts.help_user")
def act(request: HttpRequest, titulaire: Titulaire, act: str) -> HttpResponse:
    """One of the acts that need no word (cpf_portal.desk.acts)."""
    chosen = BY_NAME.get(act)
    if chosen is None or not hasattr(titulaire, "user"):
        raise Http404
    require(request, chosen.permission)
    if request.method != "POST":
        return form_page(
            request,
            titulaire,
            None,
            title=chosen.title,
            submit=chosen.title,
            will=list(chosen.will),
        )
    try:
        messages.success(request, chosen.run(titulaire.user, request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("admin:desk_file", titulaire.pk)


@on_open_file("accounts.help_user")
def resend(request: HttpRequest, titulaire: Titulaire, mail_pk: int) -> HttpResponse:
    mails = OutgoingMail.objects.select_related("user").filter(user__titulaire=titulaire)
    mail = get_object_or_404(mails, pk=mail_pk)
    if request.method != "POST":
        will = [
            f"Le courriel «\u00a0{mail.get_kind_display()}\u00a0» part à l’adresse du compte.",
            TOLD,
        ]
        return form_page(
            request, titulaire, None, title="Renvoyer un courriel", submit="Renvoyer", will=will
        )
    limits.hit("desk-mail", person=f"user:{mail.user_id}")
    try:
        services.resend_mail(mail=mail, author=request.user, now=timezone.now())
    except tuple(RESEND_REFUSALS) as refusal:
        messages.warning(request, RESEND_REFUSALS[type(refusal)])
    else:
        messages.success(request, "Le courriel est renvoyé.")
    return redirect("admin:desk_file", titulaire.pk)


@on_open_file("accounts.write_note")
def note(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    form = NoteForm(posted(request))
    if not form.is_valid():
        return form_page(
            request, titulaire, form, title="Écrire une note", submit="Ajouter la note",
            will=[
                "La note s’ajoute au dossier\u00a0; elle ne se modifie pas.",
                "La personne lit dans son historique qu’une note est écrite, sans son texte\u00a0;"
                " elle l’aura si elle demande ses données.",
            ],
        )  # fmt: skip
    text = form.cleaned_data["text"]
    services.write_note(titulaire=titulaire, author=request.user, text=text)
    masked = " Un numéro y a été masqué." if MASK in text else ""
    messages.success(request, f"La note est ajoutée.{masked}")
    return redirect("admin:desk_file", titulaire.pk)


@on_open_file("accounts.freeze_user")
def freeze(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    if not hasattr(titulaire, "user"):
        raise Http404
    form = ReasonForm(posted(request))
    if not form.is_valid():
        return form_page(
            request, titulaire, form, title="Suspendre l’usage des droits", submit="Suspendre",
            is_grave=True,
            will=[
                "Plus rien ne peut être dépensé avec ses droits, jusqu’à ce que l’assistance les rende.",
                "Ses dossiers en cours et ses droits restent.",
                TOLD,
            ],
        )  # fmt: skip
    done = services.freeze_by_support(
        user=titulaire.user,
        author=request.user,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    if done:
        messages.success(request, "L’usage des droits est suspendu.")
    else:
        messages.warning(request, "L’usage des droits était déjà suspendu.")
    return redirect("admin:desk_file", titulaire.pk)
