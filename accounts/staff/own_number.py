"""An agent says once which person she is herself: that file is closed to her, whatever its address."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import limits
from accounts.exceptions import NumberTaken
from accounts.forms.fields import WholeNirField
from accounts.services import staff
from cpf_portal.ui.redirects import safe_next

TAKEN = (
    "Un autre agent a déjà donné ce numéro. Vérifiez-le\u00a0; si c’est bien le vôtre, parlez-en à la "
    "personne chargée de la sécurité."
)


class OwnNumberForm(forms.Form):
    nir = WholeNirField(
        label="Votre numéro de sécurité sociale",
        help_text="Les 13 caractères de votre carte Vitale, ou les 15 avec la clé.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nir"].widget.attrs["autocomplete"] = "off"


def give(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask for the number; nothing of it is written back, nor told to anybody."""
    following = safe_next(request, reverse("admin:index"))
    if request.user.own_nir_index:
        return _page(site, request, None, following)
    form = OwnNumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_kept(request, form):
        messages.success(request, "C’est noté\u00a0: un autre agent suivra votre propre dossier.")
        return redirect(following)
    return _page(site, request, form, following)


def _is_kept(request: HttpRequest, form: OwnNumberForm) -> bool:
    limits.hit("own-number", person=f"staff:{request.user.pk}")
    try:
        staff.give_own_number(user=request.user, nir=form.cleaned_data["nir"])
    except NumberTaken:
        form.add_error("nir", TAKEN)
    return form.is_valid()


def _page(
    site: AdminSite, request: HttpRequest, form: OwnNumberForm | None, following: str
) -> HttpResponse:
    context = {"title": "Votre propre dossier", "form": form, "next": following}
    values = site.each_context(request) | context
    status = 422 if form is not None and form.errors else 200
    return render(request, "admin/staff/own_number.html", values, status=status)
