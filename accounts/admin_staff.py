"""The staff in the administration: invited, given roles, closed, by who has the role « sécurité »."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.admin_forms import OpeningForm
from accounts.exceptions import AddressTaken, IncompatibleRoles, NumberTaken, OwnAccount
from accounts.models import StaffMember, TotpDevice
from accounts.roles import Role, roles_of
from accounts.services import second_factor, staff
from cpf_portal.ui.admin import desk_page

MANAGE = "accounts.manage_staff"
ROLES = [(role.value, role.capitalize()) for role in Role]
REFUSALS = {
    OwnAccount: "Un autre responsable de la sécurité que vous doit s’occuper de votre compte.",
    IncompatibleRoles: "Le rôle «\u00a0sécurité\u00a0» va seul\u00a0: personne n’a tous les droits.",
    AddressTaken: "Un agent a déjà cette adresse.",
    NumberTaken: "Cette personne est déjà active sous un autre compte\u00a0: désactivez-le d’abord.",
}


class RolesForm(OpeningForm):
    """The roles and why; a number is refused in the reason."""

    roles = forms.TypedMultipleChoiceField(
        label="Rôles",
        choices=ROLES,
        coerce=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("email", "roles", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.help_text = "Par exemple\u00a0: arrivée dans l’équipe, demande n°\u00a042."
        reason.error_messages["required"] = "Écrivez pourquoi."


class InvitationForm(RolesForm):
    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        max_length=254,
        help_text="La personne y reçoit un lien pour choisir elle-même son mot de passe.",
        error_messages={"required": "Saisissez l’adresse de la personne."},
    )


@admin.register(StaffMember)
class StaffMemberAdmin(admin.ModelAdmin):
    list_display = ("email", "role_names", "is_active", "has_device", "last_login")
    list_filter = ("is_active", "groups")
    ordering = ("email",)
    search_fields = ("email",)
    search_help_text = "Adresse électronique."
    list_per_page = 50
    actions = None

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(is_staff=True)
            .prefetch_related("groups", "totpdevice_set")
        )

    def has_module_permission(self, request):
        return request.user.has_perm(MANAGE)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(MANAGE)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(MANAGE)

    def has_add_permission(self, request):
        return request.user.has_perm(MANAGE)

    def has_delete_permission(self, request, obj=None):
        return False  # what the account did stays signed

    @admin.display(description="rôles")
    def role_names(self, member):
        return ", ".join(sorted(group.name for group in member.groups.all())) or "aucun"

    @admin.display(description="téléphone enregistré", boolean=True)
    def has_device(self, member):
        return any(device.confirmed for device in member.totpdevice_set.all())

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """Invite somebody: her password is hers alone."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (member := _tried(form, _invite, author=request.user)):
            self.log_addition(request, member, "Invitation envoyée")
            self.message_user(request, "L’invitation est envoyée. Le lien est valable une heure.")
            return redirect("admin:accounts_staffmember_changelist")
        return desk_page(
            self, request, form, title="Inviter un agent", submit="Envoyer l’invitation"
        )

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        """One page for all that may be done to an account, each with a reason."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        pk = object_id if object_id.isdecimal() and len(object_id) < 19 else 0
        member = get_object_or_404(self.get_queryset(request), pk=pk)
        form = RolesForm(
            request.POST if request.method == "POST" else None, initial={"roles": roles_of(member)}
        )
        if form.is_valid() and (done := self._decide(request, member, form)):
            self.log_change(request, member, done)
            self.message_user(request, done)
            return redirect("admin:accounts_staffmember_changelist")
        return desk_page(
            self, request, form, title=f"Compte de {member.email}", facts=_facts(member),
            decisions=_decisions(member), grave=("close", "device"),
        )  # fmt: skip

    def _decide(self, request: HttpRequest, member: StaffMember, form: RolesForm) -> str:
        decision = DECISIONS.get(request.POST.get("decision", ""))
        if decision is None:
            form.add_error(None, "Choisissez ce que vous voulez faire.")
            return ""
        return _tried(form, decision, member=member, author=request.user)


def _tried(form: RolesForm, act, **arguments):
    """Return what `act` returns, or nothing once its refusal is written on the form."""
    try:
        return act(form.cleaned_data, **arguments)
    except tuple(REFUSALS) as refusal:
        form.add_error(None, REFUSALS[type(refusal)])
        return None


def _invite(data, *, author):
    return staff.invite_staff(
        email=data["email"], roles=data["roles"], author=author, reason=data["reason"]
    )


def _give_roles(data, *, member, author) -> str:
    staff.change_roles(user=member, roles=data["roles"], author=author, reason=data["reason"])
    return "Les rôles sont enregistrés."


def _send_link(data, *, member, author) -> str:
    staff.send_staff_link(user=member, author=author, reason=data["reason"])
    return "Le lien est envoyé\u00a0: il est valable une heure."


def _reset_device(data, *, member, author) -> str:
    second_factor.reset_second_factor(user=member, author=author, reason=data["reason"])
    return "Le téléphone est oublié\u00a0: l’agent en enregistrera un à sa prochaine connexion."


def _forget_number(data, *, member, author) -> str:
    staff.forget_own_number(user=member, author=author, reason=data["reason"])
    return "Son numéro est oublié\u00a0: l’agent le redonnera avant d’ouvrir un dossier."


def _close(data, *, member, author) -> str:
    staff.set_staff_active(user=member, is_active=False, author=author, reason=data["reason"])
    return "Le compte est désactivé et ses connexions sont fermées."


def _open(data, *, member, author) -> str:
    staff.set_staff_active(user=member, is_active=True, author=author, reason=data["reason"])
    return "Le compte est réactivé."


DECISIONS = {
    "roles": _give_roles,
    "link": _send_link,
    "device": _reset_device,
    "number": _forget_number,
    "close": _close,
    "open": _open,
}


def _decisions(member: StaffMember) -> list[tuple[str, str]]:
    state = (
        ("close", "Désactiver le compte") if member.is_active else ("open", "Réactiver le compte")
    )
    number = [("number", "Redemander son numéro")] if member.own_nir_index else []
    return [
        ("roles", "Enregistrer les rôles"),
        ("link", "Envoyer un lien de mot de passe"),
        ("device", "Réinitialiser le téléphone"),
        *number,
        state,
    ]


def _facts(member: StaffMember) -> list[tuple[str, object]]:
    device = TotpDevice.objects.filter(user=member, confirmed=True).first()
    return [
        ("État", "actif" if member.is_active else "désactivé"),
        ("Dernière connexion", member.last_login or "jamais"),
        ("Téléphone enregistré le", device.created_at if device else "aucun"),
        (
            "Son propre dossier lui est fermé",
            "oui" if member.own_nir_index else "numéro pas encore donné",
        ),
    ]
