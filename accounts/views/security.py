"""Password, open sessions, history and recovery codes of the signed-in person."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from accounts import limits, services
from accounts.exceptions import LinkUsed
from accounts.forms import ChangePasswordForm, FreshPasswordForm
from accounts.models import AccountEvent, AccountSession, RecoveryCode
from accounts.sessions import note_password
from accounts.views.access import UnprocessableMixin
from accounts.views.account import CitizenMixin, FreshPasswordMixin
from cpf_portal.ui.redirects import safe_next

EVENTS_PER_PAGE = 20


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordFormView(UnprocessableMixin, FormView):
    """A form that checks the present password: the tries are counted, a right one is given back."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def post(self, request, *args, **kwargs):
        attempt = limits.hit("password-again", person=str(request.user.pk))
        form = self.get_form()
        is_valid = form.is_valid()
        if "current_password" not in form.errors:
            limits.give_back(attempt)
        return self.form_valid(form) if is_valid else self.form_invalid(form)


class VerifyPasswordView(PasswordFormView):
    """Asks for the password again before a sensitive page."""

    form_class = FreshPasswordForm
    template_name = "accounts/verify_password.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=self.next, **kwargs)

    @property
    def next(self) -> str:
        return safe_next(self.request, reverse("accounts:profile"))

    def form_valid(self, form):
        note_password(self.request)
        return redirect(self.next)


class ChangePasswordView(PasswordFormView):
    form_class = ChangePasswordForm
    template_name = "accounts/change_password.html"

    def form_valid(self, form):
        user, session = self.request.user, self.request.session
        old_key = session.session_key
        try:
            services.change_password(
                user=user, password=form.cleaned_data["password"], session_key=old_key
            )
        except LinkUsed:
            messages.error(self.request, "Votre mot de passe a changé entre-temps. Recommencez.")
            return redirect("accounts:password_change")
        update_session_auth_hash(self.request, user)
        note_password(self.request)
        services.follow_session(old_key=old_key, new_key=session.session_key)
        messages.success(
            self.request,
            "Votre nouveau mot de passe est enregistré. Les autres connexions sont fermées.",
        )
        return redirect("accounts:profile")


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    living = AccountSession.objects.filter(user=request.user).living(timezone.now())
    context = {"sessions": living, "current_key": request.session.session_key}
    return render(request, "accounts/sessions.html", context)


@require_POST
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    if services.close_session(user=request.user, pk=pk):
        messages.success(request, "La connexion est fermée.")
    else:
        messages.info(request, "Cette connexion était déjà fermée.")
    return redirect("accounts:sessions")


@require_POST
def close_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = services.close_other_sessions(
        user=request.user, kept_key=request.session.session_key or ""
    )
    text = (
        "Les autres connexions sont fermées." if ended else "Aucune autre connexion n’est ouverte."
    )
    messages.success(request, text)
    return redirect("accounts:sessions")


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    events = AccountEvent.objects.of(request.user)
    page_obj = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/history.html", {"page_obj": page_obj})


class RecoveryCodesView(CitizenMixin, FreshPasswordMixin, View):
    """The codes are shown by the answer that makes them, and never again."""

    template_name = "accounts/recovery_codes.html"

    def get(self, request):
        left = RecoveryCode.objects.filter(user=request.user, used_at=None).count()
        return render(request, self.template_name, {"left": left})

    def post(self, request):
        codes = services.make_recovery_codes(user=request.user)
        return render(request, self.template_name, {"codes": codes})
