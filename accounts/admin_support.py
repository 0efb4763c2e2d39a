"""Requests to the support in the administration: read, look at the proof, answer."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts import audit, services
from accounts.admin_forms import DecisionForm
from accounts.admin_opening import OpenedFileAdmin, still_closed
from accounts.audit import AuditKind
from accounts.exceptions import DecisionImpossible, RequestClosed
from accounts.models import AccountEvent, AccountSession, EventKind, SupportRequest
from accounts.models.support import SupportDecision, SupportState
from accounts.own_person import is_own_address, refusal
from accounts.proofs import identity_proofs
from cpf_portal.ui.admin import LargeTable, ReadOnlyAdmin
from cpf_portal.ui.proofs import EXTENSIONS


@admin.register(SupportRequest)
class SupportRequestAdmin(OpenedFileAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "kind", "state", "created_at", "titulaire", "decision", "decided_by")
    list_filter = ("state", "kind", "decision")
    list_select_related = ("titulaire", "decided_by")
    fields = (
        "kind", "state", "titulaire", "known_name", "birth_name", "contact_email", "message", "proof",
        "created_at", "decision", "answer", "decided_at", "decided_by", "to_answer",
    )  # fmt: skip
    readonly_fields = ("known_name", "proof", "to_answer")

    def titulaire_of(self, asked):
        return asked.titulaire

    def closed_file_of(self, request, object_id):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied  # whoever may not look does not learn who is there
        asked = self.get_object(request, unquote(object_id)) if object_id else None
        return self._closed(request, asked) if asked else None

    def _closed(self, request: HttpRequest, asked: SupportRequest) -> HttpResponse | None:
        """Return the way to the file to open first; nobody answers what she asked herself."""
        if is_own_address(request.user, asked.contact_email):
            return refusal(request)
        return still_closed(request, asked.titulaire)

    @admin.display(description="nom de naissance enregistré")
    def known_name(self, asked):
        if not asked.birth_name:
            return "aucun nom n’a été demandé"
        if asked.titulaire is None:
            return "aucun titulaire ne porte le numéro donné"
        return asked.titulaire.birth_name

    @admin.display(description="pièce d’identité")
    def proof(self, asked):
        if not asked.proof_name:
            return "aucune"
        address = reverse("admin:accounts_supportrequest_proof", args=[asked.pk])
        return format_html('<a href="{}">Télécharger</a>', address)

    @admin.display(description="réponse")
    def to_answer(self, asked):
        if asked.state == SupportState.CLOSED:
            return "donnée"
        address = reverse("admin:accounts_supportrequest_answer", args=[asked.pk])
        return format_html('<a href="{}">Répondre à cette demande</a>', address)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/piece/", view(self.serve_proof), name="accounts_supportrequest_proof"),
            path("<int:pk>/reponse/", view(self.answer), name="accounts_supportrequest_answer"),
            *super().get_urls(),
        ]

    def serve_proof(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the proof as a download that no browser opens in the portal's name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = get_object_or_404(SupportRequest.objects.exclude(proof_name=""), pk=pk)
        if closed := self._closed(request, asked):
            return closed
        try:
            content = identity_proofs.load(asked.proof_name)
        except FileNotFoundError:
            raise Http404 from None
        self._trace_opening(request, asked)
        name = f"piece-demande-{asked.pk}.{EXTENSIONS[asked.proof_type]}"
        return HttpResponse(
            content,
            content_type=asked.proof_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "Cache-Control": "no-store",
            },
        )

    def _trace_opening(self, request: HttpRequest, asked: SupportRequest) -> None:
        """Let the person read who looked at her proof; a stranger's request is not told to her."""
        holder = getattr(asked.titulaire, "user", None)
        if holder and asked.is_of_holder:
            services.record(
                user=holder,
                kind=EventKind.OPENED_BY_STAFF,
                author=request.user,
                reason=f"pièce jointe à la demande n° {asked.pk}",
            )
        audit.record(
            kind=AuditKind.FILE_OPENED,
            actor=request.user,
            person=holder,
            titulaire=asked.titulaire,
            target=asked,
            what="proof",
        )

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("accounts.change_supportrequest"):
            raise PermissionDenied
        asked = get_object_or_404(SupportRequest.objects.select_related("titulaire"), pk=pk)
        if closed := self._closed(request, asked):
            return closed
        if asked.state == SupportState.CLOSED:
            messages.warning(request, "Cette demande a déjà reçu une réponse.")
            return redirect("admin:accounts_supportrequest_change", pk)
        services.start_review(request=asked)
        ready = self.ready_answers(request, asked)
        form = DecisionForm(asked, request.POST or None, initial=ready.get("initial"))
        if request.method == "POST" and form.is_valid() and self._decided(request, asked, form):
            messages.success(request, "La réponse est enregistrée\u00a0; la personne est prévenue.")
            return redirect("admin:accounts_supportrequest_change", pk)
        return self._answer_page(request, asked, form, ready)

    def ready_answers(self, request: HttpRequest, asked: SupportRequest) -> dict:
        """Return the ready answers for the page; cpf_portal.desk fills them with what it knows."""
        return {}

    def _decided(self, request: HttpRequest, asked: SupportRequest, form: DecisionForm) -> bool:
        data = form.cleaned_data
        try:
            services.decide(
                request=asked,
                decision=SupportDecision(data["decision"]),
                answer=data["answer"],
                subject=data["subject"],
                author=request.user,
                now=timezone.now(),
                corrected_name=data.get("corrected_name", ""),
            )
        except DecisionImpossible as impossible:
            form.add_error("decision", str(impossible))
        except RequestClosed:
            form.add_error(None, "Un autre agent vient de répondre à cette demande.")
        return form.is_valid()

    def _answer_page(
        self, request: HttpRequest, asked: SupportRequest, form: DecisionForm, ready: dict
    ) -> HttpResponse:
        context = (
            self.admin_site.each_context(request)
            | ready
            | {
                "title": f"Répondre à la demande n° {asked.pk}",
                "form": form,
                "asked": asked,
                "known_name": self.known_name(asked),
                "opts": self.opts,
            }
        )
        template = "admin/accounts/supportrequest/answer.html"
        return render(request, template, context, status=422 if form.errors else 200)


@admin.register(AccountEvent)
class AccountEventAdmin(OpenedFileAdmin, LargeTable, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "user", "kind", "happened_at", "author")
    list_filter = ("kind",)
    date_hierarchy = "happened_at"
    list_select_related = ("user", "author")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(user__is_staff=False)

    def titulaire_of(self, event):
        return event.user.titulaire


@admin.register(AccountSession)
class AccountSessionAdmin(OpenedFileAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "user", "started_at", "seen_at")
    list_select_related = ("user",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(user__is_staff=False)

    def titulaire_of(self, session):
        return session.user.titulaire
