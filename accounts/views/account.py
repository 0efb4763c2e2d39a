"""What a signed-in person changes about herself, one small form a page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic import FormView

from accounts import limits, services
from accounts.forms import (
    AddressForm,
    ChangeEmailForm,
    DiplomaForm,
    NoticesForm,
    PhonesForm,
)
from accounts.models import EventKind
from accounts.sessions import has_fresh_password
from accounts.views.access import UnprocessableMixin
from cpf_portal.ui.http import client_ip


class CitizenMixin:
    """A page of those who have an identity; the staff have none to change."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if request.user.is_authenticated and request.user.titulaire is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class FreshPasswordMixin:
    """A sensitive page: the password was given in the last ten minutes, or is asked first."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if request.user.is_authenticated and not has_fresh_password(request):
            page = request.get_full_path() if request.method == "GET" else request.path
            query = urlencode({"next": page})
            return redirect(f"{reverse('accounts:verify_password')}?{query}")
        return super().dispatch(request, *args, **kwargs)


class EditView(CitizenMixin, UnprocessableMixin, FormView):
    """One form of « Mes informations personnelles »."""

    template_name = "accounts/edit.html"
    title = ""
    lead = ""
    button = "Enregistrer"
    done = "Votre modification est enregistrée."

    def get_initial(self) -> dict[str, Any]:
        return self.form_class.of(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=self.title, lead=self.lead, button=self.button, **kwargs
        )

    def form_valid(self, form) -> HttpResponse:
        if self.save(form.cleaned_data):
            messages.success(self.request, self.done)
        else:
            messages.info(self.request, "Rien n’a changé.")
        return redirect("accounts:profile")

    def save(self, values: dict[str, Any]) -> bool:
        return services.change_contact(user=self.request.user, values=values, kind=self.kind)


class PhonesView(EditView):
    form_class = PhonesForm
    kind = EventKind.PHONES_CHANGED
    title = "Modifier mes téléphones"
    done = "Vos numéros de téléphone sont enregistrés."


class AddressView(EditView):
    form_class = AddressForm
    kind = EventKind.ADDRESS_CHANGED
    title = "Modifier mon adresse postale"
    lead = "Pour retirer votre adresse, laissez tous les champs vides."
    done = "Votre adresse postale est enregistrée."


class DiplomaView(EditView):
    form_class = DiplomaForm
    title = "Modifier mon niveau de diplôme"
    lead = "Ce renseignement est facultatif. Il ne change pas vos droits."
    done = "Votre niveau de diplôme est enregistré."

    def save(self, values):
        return services.change_diploma(user=self.request.user, level=values["diploma_level"])


class NoticesView(EditView):
    form_class = NoticesForm
    kind = EventKind.NOTICES_CHANGED
    title = "Choisir mes avertissements"
    lead = (
        "Les courriels sur votre mot de passe et votre adresse de courriel partent toujours\u00a0: "
        "ils protègent votre compte."
    )
    done = "Vos choix sont enregistrés."


class EmailView(FreshPasswordMixin, EditView):
    form_class = ChangeEmailForm
    title = "Changer d’adresse de courriel"
    lead = (
        "Nous enverrons un lien à la nouvelle adresse\u00a0: l’ancienne reste la vôtre tant que vous ne "
        "l’avez pas suivi. Après le changement, vos droits ne peuvent pas être utilisés pendant "
        "72\u00a0heures."
    )
    button = "Recevoir le lien"

    def get_initial(self):
        return {}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form):
        user = self.request.user
        limits.hit("email-change", ip=client_ip(self.request), person=str(user.pk))
        services.ask_email_change(
            user=user, new_email=form.cleaned_data["new_email"], now=timezone.now()
        )
        messages.success(
            self.request,
            "Un courriel part vers la nouvelle adresse\u00a0: suivez son lien dans les "
            "24\u00a0heures. Votre adresse actuelle est prévenue.",
        )
        return redirect("accounts:profile")
