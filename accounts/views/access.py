"""Sign in, sign out, choose a new password."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.auth import login, logout, views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from accounts import limits, services
from accounts.exceptions import AccountBlocked, LinkUsed
from accounts.forms import ForgottenPasswordForm, NewPasswordForm, SignInForm
from accounts.franceconnect.leaving import closing_url
from accounts.models import User
from accounts.sessions import note_password
from cpf_portal.ui.http import client_ip
from cpf_portal.ui.redirects import safe_next

# Longer than it takes to write a mail into the outbox: a number with an account answers no slower.
RESET_SECONDS = 0.3


class UnprocessableMixin:
    """A form shown again with its errors answers 422."""

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class SignInView(UnprocessableMixin, FormView):
    form_class = SignInForm
    template_name = "accounts/login.html"

    def dispatch(self, request, *args, **kwargs):
        self.next = safe_next(request, "")
        if request.user.is_authenticated:
            return redirect(self.next or "home")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=self.next, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            return super().post(request, *args, **kwargs)
        except AccountBlocked as blocked:
            context = {"reason": blocked.reason, "is_told": True}
            return render(request, "accounts/blocked.html", context, status=403)

    def form_valid(self, form):
        login(self.request, form.user)
        note_password(self.request)
        return redirect(self.next or "home")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    url = closing_url(request.session)
    logout(request)
    if url:
        response = render(request, "accounts/franceconnect/leaving.html", {"url": url})
        # A redirection of this form would meet the CSP: form-action allows our own pages only.
        response.headers["Refresh"] = f"0; url={url}"
    else:
        response = redirect("home")
    # The Back key of a shared computer shows nothing private. Cookies stay: they tell nothing any more.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@contextmanager
def lasting(seconds: float) -> Iterator[None]:
    """Make what is inside take `seconds` at least, so that its time tells nothing."""
    start = time.monotonic()
    yield
    time.sleep(max(0.0, start + seconds - time.monotonic()))


@method_decorator([login_not_required, sensitive_post_parameters(), never_cache], name="dispatch")
class ForgottenPasswordView(UnprocessableMixin, FormView):
    form_class = ForgottenPasswordForm
    template_name = "accounts/password_reset.html"
    success_url = reverse_lazy("accounts:password_reset_done")

    def form_valid(self, form):
        nir = form.cleaned_data["nir"]
        limits.hit("reset", ip=client_ip(self.request), person=nir.value)
        with lasting(RESET_SECONDS):
            services.request_password_reset(nir=nir)
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class ForgottenPasswordDoneView(TemplateView):
    template_name = "accounts/password_reset_done.html"


@method_decorator(login_not_required, name="dispatch")
class NewPasswordView(UnprocessableMixin, views.PasswordResetConfirmView):
    """Django's view: it keeps the token in the session and takes it out of the address."""

    form_class = NewPasswordForm
    template_name = "accounts/password_reset_confirm.html"
    reset_url_token = "choisir"  # noqa: S105 a word of the address
    success_url = reverse_lazy("accounts:login")

    def get_success_url(self):
        return reverse("admin:login") if self.user.is_staff else super().get_success_url()

    def get_user(self, uidb64) -> User | None:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form):
        try:
            response = super().form_valid(form)
        except LinkUsed:
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        messages.success(
            self.request, "Votre nouveau mot de passe est enregistré. Vous pouvez vous connecter."
        )
        return response

    def render_to_response(self, context, **kwargs):
        if not self.validlink:
            kwargs["status"] = 410
        return super().render_to_response(context, **kwargs)
