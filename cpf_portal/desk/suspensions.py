"""A provider suspended or resumed by the staff: the reason, who, when, and what stays of it."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from accounts.audit import AuditKind, record
from catalogue.models import Offer, Provider, ProviderSuspension
from catalogue.suspending import resume_provider, suspend_provider
from cpf_portal.ui.admin import ReadOnlyAdmin, desk_page, require
from cpf_portal.ui.formats import date_fr
from rights.models import Dossier

SUSPENDING = (
    "Ses offres quittent aussitôt la recherche, les suggestions, les courriels et les exports\u00a0; ses"
    " clés d’API sont refusées et personne ne peut plus s’inscrire. Les dossiers déjà envoyés suivent leur"
    " cours. Un import ne le rétablit pas."
)
SUSPEND = ("Suspendre un organisme", "Suspendre l’organisme")
RESUME = ("Rétablir un organisme", "Rétablir l’organisme")
RESUMING = "Ses offres et ses clés d’API servent de nouveau aussitôt."


DECISIONS = {
    "suspend": (suspend_provider, AuditKind.PROVIDER_SUSPENDED, "Organisme suspendu"),
    "resume": (resume_provider, AuditKind.PROVIDER_RESUMED, "Organisme rétabli"),
}


class SuspensionForm(forms.Form):
    """What is decided, as the page proposed it, and why; read by the staff alone."""

    decision = forms.ChoiceField(
        choices=[("suspend", ""), ("resume", "")], widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label="Motif",
        min_length=10,
        max_length=500,
        widget=forms.Textarea({"rows": 3, "cols": 80}),
        help_text="Par exemple\u00a0: signalement n° 214, démarchage au nom du portail. N’écrivez le nom"
        " d’aucune personne.",
        error_messages={
            "required": "Écrivez pourquoi.",
            "min_length": "Dites-en un peu plus\u00a0: dix caractères au moins.",
        },
    )


@admin.register(ProviderSuspension)
class ProviderSuspensionAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__", "provider", "reason", "suspended_at", "author", "resumed_at", "resumed_by",
    )  # fmt: skip
    list_filter = (("resumed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("provider", "author", "resumed_by")
    search_fields = ("provider__name", "provider__siret")
    search_help_text = "Nom ou SIRET de l’organisme."
    ordering = ("-pk",)
    show_full_result_count = False

    def get_urls(self):
        changing = self.admin_site.admin_view(self.change_suspension)
        return [
            path("organisme/<int:pk>/", changing, name="catalogue_provider_suspend"),
            *super().get_urls(),
        ]

    def change_suspension(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Suspend a provider, or resume one who is suspended, for a reason that is kept."""
        require(request, "catalogue.suspend_provider")
        provider = get_object_or_404(Provider, pk=pk)
        proposed = "resume" if provider.is_suspended else "suspend"
        form = SuspensionForm(request.POST or None, initial={"decision": proposed})
        if request.method == "POST" and form.is_valid():
            self._decide(request, provider, **form.cleaned_data)
            return redirect("admin:catalogue_provider_change", pk)
        title, submit = RESUME if provider.is_suspended else SUSPEND
        return desk_page(
            self, request, form, title=title, submit=submit,
            intro=RESUMING if provider.is_suspended else SUSPENDING, facts=_facts(provider),
            crumbs=[(reverse("admin:catalogue_provider_change", args=[pk]), provider.name)],
        )  # fmt: skip

    def _decide(self, request: HttpRequest, provider: Provider, decision: str, reason: str) -> None:
        decide, kind, said = DECISIONS[decision]
        with transaction.atomic():
            is_done = decide(
                provider=provider, reason=reason, author=request.user, now=timezone.now()
            )
            if is_done:
                self.log_change(request, provider, f"{said}.")
                record(kind=kind, actor=request.user, target=provider, reason=reason)
        if is_done:
            self.message_user(request, f"{said}.")
        else:
            text = "Rien n’a changé\u00a0: quelqu’un vient de le faire."
            self.message_user(request, text, messages.WARNING)


def _facts(provider: Provider) -> list[tuple[str, object]]:
    offers = Offer.objects.filter(provider=provider, removed_at=None).count()
    open_dossiers = Dossier.objects.open().filter(provider=provider).count()
    facts = [
        ("Organisme", provider.name),
        ("SIRET", provider.siret),
        ("Offres publiées", offers),
        ("Dossiers en cours", open_dossiers),
    ]
    running = provider.suspensions.filter(resumed_at=None).first()
    if running:
        facts += [
            ("Suspendu le", date_fr(timezone.localdate(running.suspended_at))),
            ("Motif", running.reason),
        ]
    return facts
