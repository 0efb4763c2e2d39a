"""The pages where a ready answer is chosen, changed and sent: to a request, or from the file of a person."""

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from accounts import services
from accounts.admin_forms import TO_COMPLETE
from accounts.admin_opening import still_closed
from accounts.admin_support import SupportRequestAdmin
from accounts.exceptions import DecisionImpossible
from accounts.models import SupportRequest, User
from accounts.models.replies import MISSING
from cpf_portal.desk.replies import Reply, replies_for
from cpf_portal.ui.admin import desk_page, require
from cpf_portal.ui.forms import FreeTextField, MaskedTextarea

CHOICE = "modele"


class ReplyForm(forms.Form):
    subject = forms.CharField(
        label="Objet",
        max_length=80,
        widget=forms.TextInput({"size": 80}),
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
    page = site.admin_view(lambda request, pk: reply_page(site, request, pk))
    return [path("message/<int:pk>/", page, name="desk_reply")]


def reply_page(site: admin.AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the person whose file is open, from a ready answer or from nothing."""
    require(request, "accounts.help_user")
    user = get_object_or_404(User.objects.select_related("titulaire"), pk=pk, is_staff=False)
    if closed := still_closed(request, user):
        return closed
    ready = chosen(request, replies_for(user.titulaire))
    form = ReplyForm(request.POST or None, initial=ready["initial"])
    model_admin = site.get_model_admin(User)
    if request.method == "POST" and form.is_valid() and _sent(request, user, form):
        model_admin.message_user(request, "Le message est confié à la boîte d’envoi.")
        return redirect("admin:accounts_user_change", pk)
    return desk_page(
        model_admin, request, form, title=f"Écrire au compte n° {pk}", submit="Envoyer le message",
        crumbs=[(reverse("admin:accounts_user_change", args=[pk]), f"compte n° {pk}")], **ready,
    )  # fmt: skip


def _sent(request: HttpRequest, user: User, form: ReplyForm) -> bool:
    try:
        services.send_reply(user=user, author=request.user, **form.cleaned_data)
    except DecisionImpossible as impossible:
        form.add_error(None, str(impossible))
    return form.is_valid()


def chosen(request: HttpRequest, replies: list[Reply]) -> dict:
    """Return the ready answers, and what the one named in the address puts into the form."""
    wanted = request.GET.get(CHOICE, "")
    reply = next((one for one in replies if str(one.pk) == wanted), None)
    initial = {"subject": reply.subject, "body": reply.text, "answer": reply.text} if reply else {}
    return {"replies": replies, "reply": reply, "initial": initial}
