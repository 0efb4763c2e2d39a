"""From the button to the account: there, back, the number asked once, a proof where an account exists."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from accounts import limits
from accounts.exceptions import AccountBlocked
from accounts.franceconnect import client, leaving, steps
from accounts.franceconnect.config import Provider, is_configured
from accounts.franceconnect.exceptions import (
    AccountExists,
    FranceConnectError,
    IdentityMismatch,
    Reason,
)
from accounts.franceconnect.forms import ContactForm, NumberForm, ProofForm
from accounts.franceconnect.identity import Identity
from accounts.franceconnect.pages import told_in_french
from accounts.models import User
from accounts.nir import Nir
from accounts.services import franceconnect as services
from accounts.sessions import note_password
from accounts.spending import note_passage
from accounts.views.account import CitizenMixin, FreshPasswordMixin
from cpf_portal.ui.http import client_ip
from cpf_portal.ui.redirects import safe_next

WELCOME = "Votre compte est créé et votre identité est vérifiée."
CONFIRM = (
    "Dans les minutes qui suivent, vous recevrez un courriel\u00a0: "
    "suivez son lien dans les 15\u00a0jours pour confirmer votre adresse."
)
LINKED = "Votre compte est relié à FranceConnect et votre identité est vérifiée."
TAKEN_OVER = (
    "Le compte est à vous et votre identité est vérifiée. L’ancien mot de passe ne fonctionne plus."
)
SUSPENDED = (
    "Des droits ont servi avant vous, ou restent engagés\u00a0: leur usage est suspendu, et l’assistance "
    "vous écrira quand elle aura examiné ce qui a été fait."
)
# What the provider may say at the return (RFC 6749, 4.1.2.1); all the rest is an outage for the person.
DENIED = {"access_denied", "login_required", "consent_required", "interaction_required"}

closed_page = [login_not_required, never_cache, told_in_french]


@method_decorator(login_not_required, name="dispatch")
class FranceConnectView(TemplateView):
    """What FranceConnect is, with the button; or that it is not there as long as it is not configured."""

    template_name = "accounts/franceconnect.html"


@login_not_required
@never_cache
@require_safe
@told_in_french
def start(request: HttpRequest) -> HttpResponse:
    """Leave for the provider. Somebody signed in proves again who she is; to join her account is a POST."""
    user: Any = request.user
    if not is_configured() or user.is_staff:
        return redirect("accounts:franceconnect")
    if user.is_authenticated and not services.is_linked(user=user):
        query = urlencode({"next": safe_next(request, "")})
        return redirect(f"{reverse('accounts:franceconnect_link')}?{query}")
    return redirect(departure(request))


def departure(request: HttpRequest, *, may_link: bool = False) -> str:
    """Return where the browser goes; what it comes back with is remembered for ten minutes.

    With `may_link` the identity that comes back may be joined to the account of the signed-in person.
    """
    limits.hit("franceconnect", ip=client_ip(request))
    asked = client.new_request()
    payload = {
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "user": request.user.pk,
        "may_link": may_link,
        "next": safe_next(request, ""),
    }
    state = steps.put(request.session, steps.Kind.REQUEST, payload)
    # of somebody signed in, an open session at the provider proves nothing new
    is_proof = request.user.is_authenticated
    return client.authorization_url(state=state, request=asked, is_proof=is_proof)


@login_not_required
@never_cache
@require_safe
@told_in_french
def callback(request: HttpRequest) -> HttpResponse:
    """Come back: the request is taken, so that it serves once, before anything else is looked at."""
    if not is_configured():
        return redirect("accounts:franceconnect")
    asked = steps.take(request.session, steps.Kind.REQUEST, request.GET.get("state", ""))
    if asked is None or asked["user"] != request.user.pk:
        raise FranceConnectError(Reason.LOST)
    arrival = client.arrival(
        code=_code(request),
        request=client.Request(nonce=asked["nonce"], verifier=asked["verifier"]),
    )
    if asked["user"]:
        return _join(request, arrival, asked)
    user = services.find_linked(identity=arrival.identity)
    leaving.remember(request.session, arrival.id_token)
    if user:
        return _enter(request, user, arrival.identity, asked["next"])
    steps.put_identity(
        request.session, {"identity": arrival.identity.as_dict(), "next": asked["next"]}
    )
    return redirect("accounts:franceconnect_identity")


@login_not_required
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Come back from the end of the session at the provider."""
    return redirect("home")


def _code(request: HttpRequest) -> str:
    error = request.GET.get("error", "")
    if error:
        raise FranceConnectError(
            Reason.REFUSED if error in DENIED else Reason.UNAVAILABLE, client.safe_word(error)
        )
    issuer = request.GET.get("iss")
    if issuer is not None and issuer != Provider.from_settings().issuer:
        raise FranceConnectError(Reason.UNTRUSTED, "iss of the answer")  # RFC 9207
    if not (code := request.GET.get("code", "")):
        raise FranceConnectError(Reason.UNAVAILABLE, "no code")
    return code


def _enter(request: HttpRequest, user: User, identity: Identity, target: str) -> HttpResponse:
    if not user.is_active:
        raise AccountBlocked(user.blocked_reason)
    login(request, user)
    _note(request, identity)
    return redirect(target or "home")


def _join(request: HttpRequest, arrival: client.Arrival, asked: dict[str, Any]) -> HttpResponse:
    """Join the identity to the account of the person who asked for it, or see that it is its own."""
    owner = services.find_linked(identity=arrival.identity)
    try:
        if owner is None:
            if not asked["may_link"]:  # parted since she left
                return redirect("accounts:franceconnect_link")
            services.link(user=request.user, identity=arrival.identity)
            messages.success(request, LINKED)
        elif owner != request.user:
            raise AccountExists
    except (AccountExists, IdentityMismatch):
        raise FranceConnectError(Reason.OTHER_PERSON) from None
    leaving.remember(request.session, arrival.id_token)
    _note(request, arrival.identity)
    return redirect(asked["next"] or "accounts:profile")


def _note(request: HttpRequest, identity: Identity) -> None:
    """The session knows that its person has just proved who she is: she may have no password to give."""
    note_password(request)
    note_passage(request.session, identity.acr)


@method_decorator([*closed_page, sensitive_post_parameters()], name="dispatch")
class PendingView(View):
    """A page of somebody whose identity came and whose account is not open yet."""

    needs_number = True

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect("home")
        self.pending = steps.look_at_identity(request.session)
        if self.pending is None:
            raise FranceConnectError(Reason.LOST)
        self.identity = Identity(**self.pending["identity"])
        if self.needs_number and "nir" not in self.pending:
            return redirect("accounts:franceconnect_identity")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(self.form())

    def page(self, form, status: int = 200, **context) -> HttpResponse:
        context = {"form": form, "identity": self.identity} | context
        return render(self.request, self.template_name, context, status=status)

    def keep(self, **changes) -> None:
        steps.put_identity(self.request.session, self.pending | changes)

    @property
    def nir(self) -> Nir:
        return Nir(self.pending["nir"])

    def open(self, user: User, *sentences: str) -> HttpResponse:
        """Sign `user` in; what waited is forgotten."""
        steps.take_identity(self.request.session)
        response = _enter(self.request, user, self.identity, self.pending["next"])
        for sentence in sentences:
            messages.success(self.request, sentence)
        return response


class IdentityView(PendingView):
    """The identity that came, and the number, asked once and checked against it."""

    template_name = "accounts/franceconnect/identity.html"
    needs_number = False

    def form(self, *args) -> NumberForm:
        return NumberForm(*args)

    def post(self, request):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        attempt = limits.hit("franceconnect-nir", ip=client_ip(request), person=self.identity.sub)
        nir = form.cleaned_data["nir"]
        try:
            match = services.match_number(identity=self.identity, nir=nir)
        except IdentityMismatch:
            form.add_error(None, mismatch())
            return self.page(form, status=422)
        limits.give_back(attempt)
        self.keep(nir=nir.value, takes_over=False)
        step = "proof" if match.user else "account"
        return redirect(f"accounts:franceconnect_{step}")


class ProofView(PendingView):
    """The number has an account: its password, or the identity where nobody verified that account."""

    template_name = "accounts/franceconnect/proof.html"

    def form(self, *args) -> ProofForm:
        return ProofForm(*args, request=self.request, nir=self.nir)

    def page(self, form, status: int = 200, **context) -> HttpResponse:
        match = services.match_number(identity=self.identity, nir=self.nir)
        return super().page(form, status, is_verified=match.is_verified, **context)

    def post(self, request):
        if "take_over" in request.POST:
            return self.offer_to_take_over()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            services.link(user=form.user, identity=self.identity)
        except (AccountExists, IdentityMismatch):
            raise FranceConnectError(Reason.OTHER_PERSON) from None
        return self.open(form.user, LINKED)

    def offer_to_take_over(self) -> HttpResponse:
        match = services.match_number(identity=self.identity, nir=self.nir)
        if match.user and not match.user.is_active:
            raise AccountBlocked(match.user.blocked_reason)
        if match.is_verified:
            return self.page(self.form())
        self.keep(takes_over=True)
        return redirect("accounts:franceconnect_account")


class AccountView(PendingView):
    """How the person is reached, and the terms; then the account is hers."""

    template_name = "accounts/franceconnect/account.html"

    def form(self, *args) -> ContactForm:
        return ContactForm(*args, given_email=self.identity.email)

    def page(self, form, status: int = 200, **context) -> HttpResponse:
        return super().page(form, status, takes_over=self.pending["takes_over"], **context)

    def post(self, request):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        limits.hit("sign-up-mail", person=form.cleaned_data["email"].casefold())
        write = services.take_over if self.pending["takes_over"] else services.register_verified
        try:
            user = write(identity=self.identity, nir=self.nir, contact=form.contact)
        except AccountExists:
            return self.exists()
        sentences = [TAKEN_OVER if self.pending["takes_over"] else WELCOME]
        if user.spending_frozen_at:
            sentences.append(SUSPENDED)
        if not user.has_confirmed_email:
            sentences.append(CONFIRM)
        return self.open(user, *sentences)

    def exists(self) -> HttpResponse:
        """Another tab was faster, or another person: sign in if the account is hers, else prove it."""
        user = services.find_linked(identity=self.identity)
        if user:
            return self.open(user)
        self.keep(takes_over=False)
        return redirect("accounts:franceconnect_proof")


class LinkView(CitizenMixin, FreshPasswordMixin, View):
    """Join the account to FranceConnect: by a button, once the password was given."""

    template_name = "accounts/franceconnect/link.html"

    @method_decorator([never_cache, told_in_french])
    def dispatch(self, request, *args, **kwargs):
        if not is_configured():
            return redirect("accounts:franceconnect")
        if request.user.is_authenticated and services.is_linked(user=request.user):
            return redirect("accounts:profile")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return render(request, self.template_name, {"next": safe_next(request, "")})

    def post(self, request):
        # A redirection of this form would meet the CSP, which lets forms go to our own pages only.
        url = departure(request, may_link=True)
        response = render(request, "accounts/franceconnect/departure.html", {"url": url})
        response.headers["Refresh"] = f"0; url={url}"
        return response


class UnlinkView(CitizenMixin, FreshPasswordMixin, View):
    """Part the account from FranceConnect; a password must be left to sign in with."""

    template_name = "accounts/franceconnect/unlink.html"

    def get(self, request):
        return render(request, self.template_name)

    def post(self, request):
        if not request.user.has_usable_password():
            return render(request, self.template_name, status=422)
        if services.unlink(user=request.user):
            messages.success(request, "Votre compte n’est plus relié à FranceConnect.")
        return redirect("accounts:profile")


def mismatch() -> str:
    """Return the one sentence for a number that is not the identity's, whatever disagrees."""
    return format_html(
        "Ce numéro ne correspond pas à l’identité transmise par FranceConnect. Vérifiez-le sur votre carte "
        'Vitale. S’il est bien le vôtre, <a href="{}">demandez de l’aide</a>, ou '
        '<a href="{}">créez votre compte sans FranceConnect</a>.',
        reverse("pages:help"),
        reverse("accounts:signup"),
    )
