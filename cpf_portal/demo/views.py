"""Pages that exist in demonstration only: who can sign in, who can sign up, and the mails."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import TotpDevice
from accounts.nir import Nir
from cpf_portal.demo import mailbox, people
from cpf_portal.demo.components import context as component_values
from cpf_portal.demo.numbers import fictitious_nir, spaced

FRESH_NUMBERS = 4


@dataclass(frozen=True, slots=True)
class Number:
    """A fictitious number as it is shown: on this page only, since it is nobody's."""

    nir: Nir

    def __str__(self) -> str:
        return spaced(self.nir)

    @property
    def key(self) -> str:
        return self.nir.key


@login_not_required
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "titulaires": [(person, Number(person.entry.nir)) for person in people.TITULAIRES],
        "staff": staff_with_codes(),
        "register": [(entry, Number(entry.nir)) for entry in people.free_register_entries()],
        "numbers": [Number(fictitious_nir()) for _ in range(FRESH_NUMBERS)],
    }
    return render(request, "demo/index.html", context)


def staff_with_codes() -> list[tuple[people.Person, str]]:
    """Return the staff, each with the code that its device shows now: these are telephones of nobody."""
    devices = TotpDevice.objects.filter(user__is_demonstration=True, confirmed=True)
    codes = {device.user.email: device.next_code for device in devices.select_related("user")}
    return [(person, codes.get(person.email, "")) for person in people.STAFF]


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every part of the look on one page, for those who draw, write or test."""
    return render(request, "demo/components.html", component_values())


@login_not_required
@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mails.html", {"mails": mailbox.mails()})


@login_not_required
@never_cache
@require_safe
def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    found = mailbox.find(mail_id)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})
