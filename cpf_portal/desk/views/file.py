"""The file of a person, on one page."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import Titulaire, User
from accounts.phones import readable
from accounts.services import can_resend
from cpf_portal.desk.acts import possible_acts
from cpf_portal.desk.file import file_of, next_day_of
from cpf_portal.desk.forms import NoteForm
from cpf_portal.desk.pages import on_open_file, page


@on_open_file("accounts.open_file")
def show(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    file = file_of(titulaire)
    may = request.user.has_perm
    can_help = may("accounts.help_user")
    return page(
        request, "file", title=f"Dossier de {titulaire.birth_name}", file=file, titulaire=titulaire,
        acts=possible_acts(request.user, file),
        dossiers=[(dossier, next_day_of(dossier)) for dossier in file.dossiers],
        mails=[(mail, can_help and can_resend(mail)) for mail in file.mails],
        movements_url=_list("rights_movement", "account__id__exact", file.account),
        events_url=_list("accounts_accountevent", "user__id__exact", file.user),
        phones=_phones(file.user),
        note_form=NoteForm() if may("accounts.write_note") else None,
        has_settled_email=file.user and file.user.has_settled_email(timezone.now()),
    )  # fmt: skip


def _phones(user: User | None) -> list[str]:
    kept = (user.phone_mobile, user.phone_landline) if user else ()
    return [readable(number) for number in kept if number]


def _list(name: str, parameter: str, row) -> str:
    """Return the address of the whole list of which the file shows the last rows."""
    return f"{reverse(f'admin:{name}_changelist')}?{parameter}={row.pk}" if row else ""
