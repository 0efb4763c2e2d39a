"""Sign up, and confirm the address."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import limits, services
from accounts.exceptions import AlreadyConfirmed, ConfirmationExpired, RegistrationRefused
from accounts.forms import SignUpForm
from accounts.models import User
from accounts.sessions import note_password
from accounts.tokens import find_confirmation
from cpf_portal.ui.http import client_ip

WELCOME = (
    "Votre compte est créé. Dans les minutes qui suivent, vous recevrez un courriel\u00a0: "
    "suivez son lien dans les 15\u00a0jours pour confirmer votre adresse."
)
PROVISIONAL = (
    "Votre numéro de sécurité sociale est provisoire\u00a0: vos droits apparaîtront "
    "quand votre numéro définitif vous aura été attribué."
)


# Not « no-store »: somebody who reads the terms and comes back finds the form as she left it.
back_keeps_it = cache_control(private=True, no_cache=True)


@method_decorator([login_not_required, sensitive_post_parameters(), back_keeps_it], name="dispatch")
class SignUpView(View):
    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect("home")
        self.ip = client_ip(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(self.form())

    def post(self, request):
        if "captcha_renew" in request.POST:
            return self.page(self.form(initial=SignUpForm.kept(request.POST)))
        attempt = limits.hit("sign-up", ip=self.ip)
        form = self.form(request.POST)
        if not form.is_valid():
            if "captcha" not in form.errors:
                limits.give_back(attempt)  # the slip of somebody who passed the security check
            return self.page(form, status=422)
        return self.register(form)

    def form(self, *args, **kwargs) -> SignUpForm:
        return SignUpForm(*args, session=self.request.session, ip=self.ip, **kwargs)

    def register(self, form: SignUpForm) -> HttpResponse:
        limits.hit("sign-up-mail", person=form.cleaned_data["email"].casefold())
        try:
            user = services.register(**form.registration())
        except RegistrationRefused:
            form.add_error(None, refusal())
            return self.page(form, status=422)
        login(self.request, user)
        note_password(self.request)
        messages.success(self.request, WELCOME)
        if user.titulaire.has_provisional_nir:
            messages.info(self.request, PROVISIONAL)
        return redirect("home")

    def page(self, form: SignUpForm, status: int = 200) -> HttpResponse:
        """Show the form with a new challenge, or 429 when this address has asked for too many."""
        captcha = form.fields["captcha"]
        if captcha.renew():
            return render(self.request, "accounts/signup.html", {"form": form}, status=status)
        response = render(self.request, "accounts/signup.html", {"form": form}, status=429)
        response.headers["Retry-After"] = str(captcha.retry_after)
        return response


def refusal() -> str:
    """Return the one sentence for a number that cannot be registered, whatever the reason."""
    return format_html(
        "Ces informations ne permettent pas de créer un compte. Vérifiez votre nom de naissance et votre "
        'numéro. Si vous avez déjà un compte, <a href="{}">connectez-vous</a> ou '
        '<a href="{}">choisissez un nouveau mot de passe</a>. Si le numéro est bien le vôtre, '
        '<a href="{}">écrivez à l’assistance</a>.',
        reverse("accounts:login"),
        reverse("accounts:password_reset"),
        f"{reverse('accounts:support_ask')}?objet=nir_taken",
    )


@method_decorator([login_not_required, never_cache], name="dispatch")
class ConfirmEmailView(View):
    """The link of the mail: it is opened by readers of mails too, so that only POST confirms."""

    def dispatch(self, request, token):
        self.account = find_confirmation(token)
        response = super().dispatch(request)
        # Nothing of the address but its origin leaves with a click. « no-referrer » would make the
        # browser send « Origin: null » with the form, which the CSRF check refuses.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def get(self, request):
        if self.account is None:
            return self.page("invalid", status=404)
        if self.account.has_confirmed_email:
            return self.page("already")
        if timezone.now() > self.account.confirmation_deadline:
            return self.page("expired", status=410)
        return self.page("button")

    def post(self, request):
        if self.account is None:
            return self.page("invalid", status=404)
        try:
            is_first = services.confirm_email(user=self.account, now=timezone.now())
        except ConfirmationExpired:
            return self.page("expired", status=410)
        return self.page("done" if is_first else "already")

    def page(self, state: str, status: int = 200) -> HttpResponse:
        return render(self.request, "accounts/confirmation.html", {"state": state}, status=status)


@require_POST
def resend_confirmation(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    limits.hit("resend", person=str(user.pk))
    try:
        services.resend_confirmation(user=user, now=timezone.now())
    except AlreadyConfirmed:
        messages.info(request, "Votre adresse est déjà confirmée.")
    except ConfirmationExpired:
        messages.error(
            request,
            "Le délai de 15\u00a0jours est passé\u00a0: votre compte va être effacé. "
            "Recommencez votre inscription.",
        )
    else:
        messages.success(
            request, "Un courriel vient de vous être envoyé\u00a0: suivez le lien qu’il contient."
        )
    return redirect("accounts:profile")
