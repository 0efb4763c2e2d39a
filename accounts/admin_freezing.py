"""Accounts whose spending a person stopped by « Ce n’est pas moi »: given back here, with a reason."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html

from accounts import services
from accounts.admin_forms import reason_field
from accounts.admin_opening import still_closed
from accounts.models import SupportRequest, User
from accounts.models.support import SupportKind
from cpf_portal.ui.admin import require

TEMPLATE = "admin/accounts/user/unfreeze.html"


class ReasonForm(forms.Form):
    reason = reason_field(
        "La personne le lit dans l’historique de son compte.",
        required="Expliquez la décision en une phrase.",
    )


class FrozenFilter(admin.SimpleListFilter):
    title = "usage des droits"
    parameter_name = "droits"

    def lookups(self, request, model_admin):
        return [("suspendu", "Suspendu")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(spending_frozen_at__isnull=False)


class SpendingFreezeMixin:
    """The page of the administration of the accounts that gives the use of the rights back."""

    @admin.display(description="usage des droits")
    def spending(self, user):
        if user.spending_frozen_at is None:
            return "libre"
        url = reverse("admin:accounts_user_unfreeze", args=[user.pk])
        return format_html('suspendu\u00a0: <a href="{}">rendre l’usage des droits</a>', url)

    def get_urls(self):
        view = self.admin_site.admin_view(self.unfreeze)
        return [
            path("<int:pk>/rendre-les-droits/", view, name="accounts_user_unfreeze"),
            *super().get_urls(),
        ]

    def unfreeze(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "accounts.freeze_user")
        user = get_object_or_404(User.objects.select_related("titulaire"), pk=pk, is_staff=False)
        if closed := still_closed(request, user.titulaire):
            return closed
        if asked := _open_request(user):
            messages.info(request, "La personne attend une réponse\u00a0: décidez ici.")
            return redirect("admin:accounts_supportrequest_answer", asked.pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._give_back(request, user, form.cleaned_data["reason"])
            return redirect("admin:desk_file", user.titulaire_id)
        context = self.admin_site.each_context(request) | {
            "title": "Rendre l’usage des droits",
            "form": form,
            "account": user,
            "opts": self.opts,
        }
        return render(request, TEMPLATE, context, status=422 if form.errors else 200)

    def _give_back(self, request: HttpRequest, user: User, reason: str) -> None:
        if services.unfreeze_spending(user=user, author=request.user, reason=reason):
            self.log_change(request, user, "Usage des droits rendu.")
            messages.success(request, "La personne peut de nouveau utiliser ses droits.")
        else:
            messages.warning(request, "L’usage des droits n’était pas suspendu.")


def _open_request(user: User) -> SupportRequest | None:
    asked = SupportRequest.objects.open().filter(titulaire=user.titulaire, is_of_holder=True)
    return asked.filter(kind=SupportKind.NOT_ME).first()
