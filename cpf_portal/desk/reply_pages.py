"""The pages where a ready answer is chosen, changed and sent: to a request, or from the file of a person."""

from django import forms
from django.contrib import admin, messages
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from accounts import limits, services
from accounts.admin_forms import TO_COMPLETE
from accounts.admin_support import SupportRequestAdmin
from accounts.exceptions import DecisionImpossible
from accounts.models import SupportRequest, Titulaire, User
from accounts.models.replies import MISSING, validate_subject
from cpf_portal.desk.pages import on_open_file, page, posted
from cpf_portal.desk.replies import Reply, replies_for
from cpf_portal.ui.errors import TooManyRequests
from cpf_portal.ui.forms import FreeTextField, MaskedTextarea, MaskedTextInput

CHOICE = "modele"
TITLE = "Écrire à la personne"
TOO_MANY = (
    "Cette personne a déjà reçu plusieurs messages depuis une heure\u00a0: attendez pour celui-ci."
)


class ReplyForm(forms.Form):
    subject = FreeTextField(
        label="Objet",
        max_length=80,
        widget=MaskedTextInput({"size": 80}),
        validators=[validate_subject],
        error_messages={"required": "Écrivez l’objet du courriel."},
    )
    body = FreeTextField(
        label="Texte",
        max_length=1000,
        widget=MaskedTextarea({"rows": 14, "cols": 80}),
        help_text="La personne le reçoit tel quel. Relisez-le.",
        validators=[RegexValidator(MISSING, TO_COMPLETE, inverse_match=True)],
        error_messages={"required": "Écrivez le message."},
    )


class AnsweredRequestAdmin(SupportRequestAdmin):
    """The request to the support, with the ready answers above the form."""

    def ready_answers(self, request: HttpRequest, asked: SupportRequest) -> dict:
        return chosen(request, replies_for(asked.titulaire, asked=asked))


admin.site.unregister(SupportRequest)
admin.site.register(SupportRequest, AnsweredRequestAdmin)


def reply_urls(site: admin.AdminSite) -> list:
    """Return the address of the message to a person, for the administration site."""
    return [
        path("bureau/dossier/<int:pk>/message/", site.admin_view(reply_page), name="desk_reply")
    ]


@on_open_file("accounts.help_user")
def reply_page(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    """Write to the person whose file is open, from a ready answer or from nothing."""
    user = getattr(titulaire, "user", None)
    if user is None:
        raise Http404
    ready = chosen(request, replies_for(titulaire))
    form = ReplyForm(posted(request), initial=ready["initial"])
    if form.is_valid() and _sent(request, user, form):
        messages.success(request, "Le message est confié à la boîte d’envoi.")
        return redirect("admin:desk_file", titulaire.pk)
    return page(
        request, "reply", status=422 if form.errors else 200, title=TITLE, titulaire=titulaire,
        form=form, **ready,
    )  # fmt: skip


def _sent(request: HttpRequest, user: User, form: ReplyForm) -> bool:
    """Send what was written, once even when the button is pressed twice; say why when it is not sent."""
    words = "\0".join((f"user:{user.pk}", form.cleaned_data["subject"], form.cleaned_data["body"]))
    try:
        first = limits.hit("desk-same-mail", person=words)
    except TooManyRequests:
        return True
    try:
        limits.hit("desk-mail", person=f"user:{user.pk}")
        services.send_reply(user=user, author=request.user, **form.cleaned_data)
    except (DecisionImpossible, TooManyRequests) as refusal:
        limits.give_back(first)
        form.add_error(None, TOO_MANY if isinstance(refusal, TooManyRequests) else str(refusal))
    return form.is_valid()


def chosen(request: HttpRequest, replies: list[Reply]) -> dict:
    """Return the ready answers, and what the one named in the address puts into the form."""
    wanted = request.GET.get(CHOICE, "")
    reply = next((one for one in replies if str(one.pk) == wanted), None)
    initial = {"subject": reply.subject, "body": reply.text, "answer": reply.text} if reply else {}
    return {"replies": replies, "reply": reply, "initial": initial}
