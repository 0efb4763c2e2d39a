"""What a provider is shown of its dossiers: no number, no birth data, no word of the person on her life."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalogue.models import Provider
from rights.api.names import ACTORS, FIELD_OF, ORDERS, STATE_OF, STATES
from rights.api.problems import Problem
from rights.api.schemas import Search
from rights.dossiers import deadlines, services, transitions
from rights.dossiers.states import RUNNING, Action, ActorKind, State
from rights.models import Dossier, Figures, Parameter

KEPT_FROM_PROVIDERS = {
    Action.RATE,
    Action.RECOMMEND_FORCE_MAJEURE,
    Action.REPORT_FRAUD,
    Action.DISMISS_FRAUD,
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Moments beyond these say nothing more, and would not fit a database.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def find(provider: Provider, reference: str) -> Dossier:
    """Return the dossier of this provider. Raises Problem, the same for another one’s and for none."""
    rows = _of(provider)
    # a text that is no reference never reaches the database
    found = rows.filter(reference=reference).first() if reference.isalnum() else None
    if found is None:
        raise Problem("dossier-inconnu", "Vérifiez la référence.")
    return services.apply_deadline(dossier=found, at=timezone.now())


def page(provider: Provider, search: Search, *, today: date) -> dict[str, Any]:
    """Return a page of dossiers, in the order of their last change, in a constant number of queries."""
    services.expire_due(at=timezone.now(), dossiers=Dossier.objects.for_provider(provider))
    rows = _matching(_of(provider), search).order_by("updated_at", "reference")
    found = list(rows[: search.limite + 1])
    shown = found[: search.limite]
    figures = Parameter.objects.figures(today)
    return {
        "dossiers": [summary(dossier, figures=figures) for dossier in shown],
        "suite": _cursor(shown[-1]) if len(found) > len(shown) else None,
    }


def etag(dossier: Dossier) -> str:
    return f'"{dossier.version}"'


def summary(dossier: Dossier, *, figures: Figures) -> dict[str, Any]:
    """Return what a list shows; `figures` are those in force today."""
    return {
        "reference": dossier.reference,
        "version": dossier.version,
        "etat": STATES[State(dossier.state)],
        "libelle": dossier.get_state_display(),
        "modifie_le": dossier.updated_at,
        "demande_le": dossier.requested_at,
        "repondre_avant_le": dossier.due_on if dossier.state == State.REQUESTED else None,
        "declarer_avant_le": deadlines.declaration_awaited(dossier, figures),
        "absence_contestable_jusqu_au": dossier.absence_until,
        "formation": _training(dossier),
        "ordres": [
            ORDERS[action][0]
            for action in transitions.allowed(dossier, ActorKind.PROVIDER, figures.on)
        ],
    }


def whole(dossier: Dossier, *, today: date) -> dict[str, Any]:
    return summary(dossier, figures=Parameter.objects.figures(today)) | {
        "montants": {
            "prix": dossier.price_cents,
            "pris_en_charge": dossier.rights_cents,
            "reste_a_payer": dossier.remainder_cents,
        },
        "stagiaire": _trainee(dossier),
        "proposition": _proposal(dossier),
        "entree_le": dossier.entered_on,
        "fin_reelle_le": dossier.ended_on,
        "part_realisee": dossier.done_percent,
        "evenements": _events(dossier),
    }


def _of(provider: Provider) -> QuerySet[Dossier]:
    related = ("offer", "session", "titulaire", "user")
    return Dossier.objects.for_provider(provider).select_related(*related)


def _matching(rows: QuerySet[Dossier], search: Search) -> QuerySet[Dossier]:
    if search.etat:
        rows = rows.filter(state=STATE_OF[search.etat])
    if (since := search.modifie_depuis) and since.year >= FIRST_YEAR:
        rows = rows.filter(updated_at__gte=since) if since.year < LAST_YEAR else rows.none()
    if search.apres:
        micros, reference = search.apres.split("-")
        moment = EPOCH + int(micros) * MICROSECOND
        same = Q(updated_at=moment, reference__gt=reference)
        rows = rows.filter(Q(updated_at__gt=moment) | same)
    return rows


def _cursor(last: Dossier) -> str:
    return f"{(last.updated_at - EPOCH) // MICROSECOND}-{last.reference}"


def _training(dossier: Dossier) -> dict[str, Any]:
    return {
        "offre": dossier.offer.public_id,
        "intitule": dossier.title,
        "session": dossier.session.number if dossier.session else "",
        "lieu": dossier.place,
        "heures": dossier.hours,
        "debut_le": dossier.starts_on,
        "fin_le": dossier.ends_on,
    }


def _trainee(dossier: Dossier) -> dict[str, str] | None:
    if dossier.state not in RUNNING:
        return None
    user = dossier.user
    return {
        "nom": dossier.titulaire.birth_name,
        "courriel": user.email if user else "",
        "telephone": (user.phone_mobile or user.phone_landline) if user else "",
    }


def _proposal(dossier: Dossier) -> dict[str, Any] | None:
    if not dossier.proposal:
        return None
    return {FIELD_OF[detail]: value for detail, value in dossier.proposal.items()}


def _events(dossier: Dossier) -> list[dict[str, Any]]:
    """The steps without their reasons: what a person says of her health is not for the provider."""
    return [
        {
            "le": event.happened_at,
            "etape": Action(event.action).label,
            "par": ACTORS[ActorKind(event.actor)],
            "etat": STATES[State(event.state_after)],
        }
        for event in dossier.events.in_order()
        # nor what she thinks of the training, told without her name, nor what the support looks at
        if event.state_after != State.DRAFT and event.action not in KEPT_FROM_PROVIDERS
    ]
