"""The staff signs in: an address and a password, then a code; nothing of the administration before both."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts import audit, limits
from accounts.audit import AuditKind
from accounts.models import RecoveryCode, TotpDevice, User
from accounts.services import second_factor
from accounts.staff import pending
from accounts.staff.forms import CodeForm, RecoveryForm, StaffSignInForm
from accounts.staff.qr import qr_code
from cpf_portal.ui.http import client_ip
from cpf_portal.ui.redirects import safe_next

WRONG_CODE = (
    "Ce code n’est pas le bon, ou il a déjà servi\u00a0: attendez le suivant, "
    "et vérifiez que l’heure de votre téléphone est exacte."
)
WRONG_RECOVERY = "Ce code de secours n’est pas l’un des vôtres, ou il a déjà servi."


def sign_in(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """First step: the address and the password."""
    following = safe_next(request, "")
    if request.method == "GET" and site.has_permission(request):
        return redirect(following or "admin:index")
    form = StaffSignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        pending.begin(request, form.user, following)
        return _to_second_step(form.user)
    return _page(site, request, "sign_in", form, title="Connexion du personnel", next=following)


def give_code(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Second step: the code of the application."""
    user = pending.pending_user(request)
    device = second_factor.device_of(user) if user else None
    if user is None or device is None:
        return _to_first_step(user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_device_code(request, user, device, form):
        return _follow(pending.complete(request, user, device))
    return _page(site, request, "code", form, title="Code de connexion")


def give_recovery_code(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Second step of who has not her telephone: one of the codes kept on paper."""
    user = pending.pending_user(request)
    device = second_factor.device_of(user) if user else None
    if user is None or device is None:
        return _to_first_step(user)
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_recovery_code(request, user, form):
        pending.complete(request, user, device)
        pending.allow_replacing(request)
        messages.warning(request, _codes_left(user))
        return redirect("admin:second_factor")
    return _page(site, request, "recovery", form, title="Code de secours")


def enrol(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The QR code of a new device, and the code that proves that it was read."""
    user = _enrolling(site, request)
    device = user and second_factor.current_enrolment(user=user, is_first=user != request.user)
    if user is None or device is None:
        return _to_first_step(None)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (codes := _confirmed(request, user, device, form)):
        following = pending.complete(request, user, device)
        pending.end_replacing(request)
        return _codes_page(site, request, codes, following)
    return _page(
        site, request, "enrol", form, title="Enregistrer votre téléphone", device=device,
        qr_code=qr_code(device.address),
    )  # fmt: skip


def own_second_factor(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Make other recovery codes or change the device, once signed in and for a fresh code."""
    user = request.user
    wants_device = "device" in request.POST
    if wants_device and pending.is_replacing(request):
        return _to_replacement(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_device_code(request, user, user.otp_device, form):
        if wants_device:
            return _to_replacement(request)
        return _codes_page(site, request, second_factor.make_staff_codes(user=user), "")
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    return _page(
        site, request, "own", form, title="Votre second facteur", device=user.otp_device,
        left=left, is_replacing=pending.is_replacing(request),
    )  # fmt: skip


def _enrolling(site: AdminSite, request: HttpRequest) -> User | None:
    """Return who may enrol a device: without one yet, or signed in and proved again just before."""
    if site.has_permission(request):
        return request.user if pending.is_replacing(request) else None
    user = pending.pending_user(request)
    return user if user and second_factor.device_of(user) is None else None


def _to_first_step(user: User | None) -> HttpResponse:
    return redirect("admin:enrol" if user else "admin:index")


def _to_second_step(user: User) -> HttpResponse:
    if second_factor.device_of(user):
        return redirect("admin:code")
    second_factor.start_enrolment(user=user)
    return redirect("admin:enrol")


def _to_replacement(request: HttpRequest) -> HttpResponse:
    pending.allow_replacing(request)
    second_factor.start_enrolment(user=request.user)
    return redirect("admin:enrol")


def _follow(following: str) -> HttpResponse:
    return HttpResponseRedirect(following or reverse("admin:index"))


def _is_device_code(request: HttpRequest, user: User, device: TotpDevice, form: CodeForm) -> bool:
    attempt = _counted(request, user)
    if not device.verify_token(form.cleaned_data["code"]):
        return _refused(user, form, WRONG_CODE)
    limits.give_back(attempt)
    return True


def _is_recovery_code(request: HttpRequest, user: User, form: RecoveryForm) -> bool:
    attempt = _counted(request, user)
    if not second_factor.use_staff_code(user=user, code=form.cleaned_data["code"]):
        return _refused(user, form, WRONG_RECOVERY)
    limits.give_back(attempt)
    return True


def _confirmed(request: HttpRequest, user: User, device: TotpDevice, form: CodeForm) -> list[str]:
    attempt = _counted(request, user)
    codes = second_factor.confirm_enrolment(
        device=device, code=form.cleaned_data["code"], session_key=request.session.session_key or ""
    )
    if codes:
        limits.give_back(attempt)
    else:
        _refused(user, form, WRONG_CODE)
    return codes


def _counted(request: HttpRequest, user: User) -> limits.Attempt:
    """Count a try by the portal's own limiter, before the code is looked at."""
    return limits.hit("second-factor", ip=client_ip(request), person=f"staff:{user.pk}")


def _refused(user: User, form, sentence: str) -> bool:
    audit.record(kind=AuditKind.SIGN_IN_FAILED, actor=user, person=user, step="code")
    form.add_error("code", sentence)
    return False


def _codes_left(user: User) -> str:
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    return (
        f"Vous êtes entré avec un code de secours\u00a0: il vous en reste {left}. "
        "Si votre téléphone est perdu, enregistrez-en un autre maintenant."
    )


def _codes_page(
    site: AdminSite, request: HttpRequest, codes: list[str], following: str
) -> HttpResponse:
    """The codes are shown by the answer that makes them, and never again."""
    return _page(
        site, request, "codes", None, title="Vos codes de secours", codes=codes,
        next=_with_own_number(request.user, following or reverse("admin:index")),
    )  # fmt: skip


def _with_own_number(user: User, following: str) -> str:
    """Lead through the page of her own number whoever will open files and has not given it."""
    if user.own_nir_index or not user.has_perm("accounts.open_file"):
        return following
    return f"{reverse('admin:own_number')}?{urlencode({'next': following})}"


def _page(site: AdminSite, request: HttpRequest, name: str, form, **context) -> HttpResponse:
    values = site.each_context(request) | {"form": form, **context}
    status = 422 if form is not None and form.errors else 200
    return render(request, f"admin/staff/{name}.html", values, status=status)
