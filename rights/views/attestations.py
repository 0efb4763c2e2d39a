"""The printable statement of rights, its code and its PDF."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Titulaire
from cpf_portal.ui.formats import NO_BREAK_SPACE, date_fr, euros
from rights import history, services
from rights.attestation_pdf import Page, write_pdf
from rights.models import Attestation, RightsAccount
from rights.views.common import titulaire_page

TITLE = "Attestation de droits"
HISTORY_HEADER = ("Année", "Acquis", "Utilisé ou réservé", "Solde en fin d’année")


@titulaire_page("POST")
def issue_attestation(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    account = services.open_account(titulaire=titulaire)
    attestation = services.issue_attestation(account=account, now=timezone.now())
    return redirect("rights:attestation", attestation.readable_code)


@titulaire_page("GET")
def attestation(request: HttpRequest, titulaire: Titulaire, code: str) -> HttpResponse:
    found = _hers(titulaire, code)
    context = {"attestation": found, "page": _page(found, titulaire), "holder": titulaire}
    return render(request, "rights/attestation.html", context)


@titulaire_page("GET")
def attestation_pdf(request: HttpRequest, titulaire: Titulaire, code: str) -> HttpResponse:
    found = _hers(titulaire, code)
    return HttpResponse(
        write_pdf(_page(found, titulaire)),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="attestation-{found.readable_code}.pdf"'
        },
    )


def _hers(titulaire: Titulaire, code: str) -> Attestation:
    """Return her attestation; somebody else’s does not exist for her."""
    account = RightsAccount.objects.held_by(titulaire)
    found = Attestation.objects.with_code(code).filter(account=account.pk).first()
    if found is None:
        raise Http404
    return found


def _page(attestation: Attestation, titulaire: Titulaire) -> Page:
    """Write the attestation in words, the same for the page and for the PDF."""
    moment = timezone.localtime(attestation.issued_at)
    years = history.yearly_history(
        attestation.account, until=moment.date(), known_at=attestation.issued_at
    )
    return Page(
        title=TITLE,
        site=settings.SITE_NAME,
        holder=titulaire.birth_name,
        introduction=(
            f"Le {date_fr(moment.date())} à {moment.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{moment:%M},"
            " le compte personnel de formation de la personne ci-dessous portait\u00a0:"
        ),
        total=euros(attestation.total_cents),
        note=f"Dont {euros(attestation.dif_cents)} de DIF",
        amounts=_amounts(attestation),
        history_title="Historique par année",
        history_header=HISTORY_HEADER,
        history=[
            (str(y.year), euros(y.gained_cents), euros(y.used_cents), euros(y.balance_cents))
            for y in reversed(years)
        ],
        code=attestation.readable_code,
        closing=_closing(),
        issued_at=attestation.issued_at,
    )


def _amounts(attestation: Attestation) -> list[tuple[str, str]]:
    lines = [
        ("Compte personnel de formation (CPF)", attestation.cpf_cents),
        ("Droit individuel à la formation (DIF)", attestation.dif_cents),
        ("Abondements", attestation.abondement_cents),
        ("Réservé pour des formations, en plus du total", attestation.reserved_cents),
    ]
    return [(label, euros(cents)) for label, cents in lines]


def _closing() -> list[str]:
    operator = settings.PORTAL_OPERATOR
    by = operator or "Démonstration\u00a0: ce site n’est pas le site officiel de l’État."
    return [
        "L’assistance du portail peut dire, à partir de ce code, si les montants ci-dessus sont"
        " ceux du compte à cette date. Le code ne contient aucune donnée personnelle.",
        by,
    ]
