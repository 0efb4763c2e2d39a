"""For those who cannot come in: a lost address, a blocked account, a number in other hands."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts import limits, services
from accounts.exceptions import EmailChangeRefused
from accounts.forms import (
    CivilStatusForm,
    ContactForm,
    FollowForm,
    RecoverEmailForm,
    SupportForm,
)
from accounts.models import SupportRequest
from accounts.models.support import SupportKind
from accounts.tokens import find_email_change, find_not_me
from accounts.views import access
from accounts.views.access import UnprocessableMixin, lasting
from accounts.views.account import CitizenMixin
from cpf_portal.ui.http import client_ip
from cpf_portal.ui.proofs import MAX_BYTES
from cpf_portal.ui.uploads import BoundedUpload

REFERENCE = "support_reference"


@method_decorator([login_not_required, never_cache], name="dispatch")
class ConfirmNewEmailView(View):
    """The link sent to the new address: readers of mails open it too, so that only POST changes it."""

    def dispatch(self, request, token):
        self.change = find_email_change(token)
        response = super().dispatch(request)
        response.headers["Referrer-Policy"] = "strict-origin"  # as for ConfirmEmailView
        return response

    def get(self, request):
        if self.change is None or timezone.now() > self.change.deadline:
            return self.page("invalid", status=410)
        return self.page("button")

    def post(self, request):
        if self.change is None:
            return self.page("invalid", status=410)
        try:
            services.confirm_email_change(change=self.change, now=timezone.now())
        except EmailChangeRefused:
            return self.page("invalid", status=410)
        return self.page("done")

    def page(self, state: str, status: int = 200) -> HttpResponse:
        return render(self.request, "accounts/email_change.html", {"state": state}, status=status)


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class RecoverEmailView(UnprocessableMixin, FormView):
    form_class = RecoverEmailForm
    template_name = "accounts/recover_email.html"
    success_url = reverse_lazy("accounts:recover_email_done")

    def form_valid(self, form):
        data = form.cleaned_data
        limits.hit("recovery", ip=client_ip(self.request), person=data["nir"].value)
        with lasting(access.RESET_SECONDS):
            services.recover_email(
                nir=data["nir"], code=data["code"], new_email=data["new_email"], now=timezone.now()
            )
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class RecoverEmailDoneView(TemplateView):
    template_name = "accounts/recover_email_done.html"


@method_decorator([login_not_required, never_cache], name="dispatch")
class NotMeView(View):
    """The link of each mail about a dossier: readers of mails open it too, so that only POST freezes."""

    def dispatch(self, request, token):
        self.account = find_not_me(token)
        response = super().dispatch(request)
        response.headers["Referrer-Policy"] = "strict-origin"  # as for ConfirmEmailView
        return response

    def get(self, request):
        if self.account is None:
            return self.page(status=410)
        return self.page(account=self.account)

    def post(self, request):
        if self.account is None:
            return self.page(status=410)
        asked = services.freeze_spending(user=self.account, now=timezone.now())
        return self.page(account=self.account, asked=asked)

    def page(self, status: int = 200, **context) -> HttpResponse:
        return render(self.request, "accounts/not_me.html", context, status=status)


@method_decorator(login_not_required, name="dispatch")
class BlockedView(TemplateView):
    """What a blocked account means, for everybody; the reason is told after the right password."""

    template_name = "accounts/blocked.html"


class UploadView(UnprocessableMixin, FormView):
    """A form with a proof, bounded while it arrives."""

    bound: BoundedUpload

    @classmethod
    def as_bounded_view(cls):
        """Return the view; the bound is set before the token is looked for, which reads the form."""
        view = csrf_protect(cls.as_view())

        @csrf_exempt
        def bounded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            request.proof_bound = BoundedUpload(request, max_bytes=MAX_BYTES)
            request.upload_handlers = [request.proof_bound]
            return view(request, *args, **kwargs)

        bounded.login_required = getattr(view, "login_required", True)
        return bounded

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"bound": self.request.proof_bound}


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class AskSupportView(UploadView):
    form_class = SupportForm
    template_name = "accounts/support_ask.html"

    def get_initial(self):
        return {"kind": self.request.GET.get("objet", "")}

    def form_valid(self, form):
        data = form.cleaned_data
        limits.hit("support", ip=client_ip(self.request), person=data["nir"].value)
        with lasting(access.RESET_SECONDS):
            asked = services.ask_support(
                kind=SupportKind(data["kind"]),
                nir=data["nir"],
                birth_name=data["birth_name"],
                contact_email=data["contact_email"],
                message=data["message"],
                proof=data["proof"],
            )
        self.request.session[REFERENCE] = asked.readable_reference
        return redirect("accounts:support_sent")


class CivilStatusView(CitizenMixin, UploadView):
    form_class = CivilStatusForm
    template_name = "accounts/civil_status.html"

    def form_valid(self, form):
        user, data = self.request.user, form.cleaned_data
        limits.hit("support", ip=client_ip(self.request), person=str(user.pk))
        asked = services.ask_support(
            kind=SupportKind.CIVIL_STATUS,
            nir=None,
            birth_name=data["birth_name"],
            contact_email=user.email,
            message=data["message"],
            proof=data["proof"],
            user=user,
        )
        self.request.session[REFERENCE] = asked.readable_reference
        return redirect("accounts:support_sent")


@method_decorator([login_not_required, never_cache], name="dispatch")
class ContactView(UnprocessableMixin, FormView):
    """Write to the support without a number: a question, an error, a page that does not work."""

    form_class = ContactForm
    template_name = "accounts/contact.html"

    def get_initial(self):
        email = self.request.user.email if self.request.user.is_authenticated else ""
        return {"kind": self.request.GET.get("objet", ""), "contact_email": email}

    def form_valid(self, form):
        data, user = form.cleaned_data, self.request.user
        limits.hit("contact", ip=client_ip(self.request), person=data["contact_email"].casefold())
        asked = services.ask_support(
            kind=SupportKind(data["kind"]),
            nir=None,
            contact_email=data["contact_email"],
            message=data["message"],
            user=user if user.is_authenticated else None,
        )
        self.request.session[REFERENCE] = asked.readable_reference
        return redirect("accounts:support_sent")


@login_not_required
@never_cache
def support_sent(request: HttpRequest) -> HttpResponse:
    reference = request.session.get(REFERENCE)
    if reference is None:
        return redirect("accounts:support_ask")
    return render(request, "accounts/support_sent.html", {"reference": reference})


@method_decorator([login_not_required, never_cache], name="dispatch")
class FollowSupportView(UnprocessableMixin, FormView):
    """The state of a request, for whoever holds its reference; it is posted, never in an address."""

    form_class = FollowForm
    template_name = "accounts/support_follow.html"

    def form_valid(self, form):
        limits.hit("support-follow", ip=client_ip(self.request))
        asked = SupportRequest.objects.filter(reference=form.cleaned_data["reference"]).first()
        if asked is None:
            form.add_error(
                "reference",
                "Aucune demande ne porte cette référence\u00a0: vérifiez les 16\u00a0caractères.",
            )
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, asked=asked))
