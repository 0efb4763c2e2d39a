"""How long each kind of data is kept, and what ends it: docs/retention.md tells it to people.

Each rule counts in a dry run, and does nothing more when it is applied twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from captcha.models import CaptchaStore
from django.db.models import Model, Q, QuerySet
from django_tasks_db.models import DBTaskResult

from accounts import audit, limits, services
from accounts.emails import BACK_OFF
from accounts.models import (
    AccountEvent,
    AccountSession,
    EmailChange,
    FranceConnectStep,
    NirRelease,
    OutgoingMail,
    RateLimit,
    StoredSession,
    SupportNote,
    SupportRequest,
    TakeOver,
)
from accounts.proofs import ProofStore, identity_proofs
from cpf_portal.personal_data import closing
from rights import yearly
from rights.models import DifDeclaration, Dossier, ProviderCall, ProviderOrder
from rights.models.provider_key import REPLAYED_FOR
from rights.proofs import dif_proofs
from rights.services import forget_dif_proof

DAY = timedelta(days=1)
YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class Rule:
    """`apply(now, is_dry_run)` returns how many rows are concerned."""

    what: str
    delay: str
    apply: Callable[[datetime, bool], int]


def deleting(rows: Callable[[datetime], QuerySet]) -> Callable[[datetime, bool], int]:
    def apply(now: datetime, is_dry_run: bool) -> int:
        found = rows(now)
        count = found.count()
        if not is_dry_run:
            found.delete()
        return count

    return apply


def _unconfirmed(now: datetime, is_dry_run: bool) -> int:
    return services.purge_unconfirmed(now=now, is_dry_run=is_dry_run).accounts


def _ended_sessions(now: datetime, is_dry_run: bool) -> int:
    if is_dry_run:
        living = AccountSession.objects.living(now).values("pk")
        return AccountSession.objects.exclude(pk__in=living).count()
    return services.forget_ended_sessions(now=now)


def _counters(now: datetime, is_dry_run: bool) -> int:
    if is_dry_run:
        return RateLimit.objects.filter(expires_at__lte=now).count()
    return limits.purge(now)


def _history(now: datetime, is_dry_run: bool) -> int:
    if is_dry_run:
        return AccountEvent.objects.filter(happened_at__lt=now - YEAR).count()
    return AccountEvent.objects.forget_before(now - YEAR)


def _notes(now: datetime, is_dry_run: bool) -> int:
    old = SupportNote.objects.filter(written_at__lt=now - YEAR)
    return old.count() if is_dry_run else old.forget()


def _mails(now: datetime) -> QuerySet:
    given_up = Q(sent_at=None, attempts__gte=len(BACK_OFF), created_at__lt=now - 30 * DAY)
    return OutgoingMail.objects.filter(Q(sent_at__lt=now - 30 * DAY) | given_up)


def _support_proofs(now: datetime, is_dry_run: bool) -> int:
    decided = SupportRequest.objects.decided_before(now - 30 * DAY).exclude(proof_name="")
    count = decided.count()
    if not is_dry_run:
        for request in decided:
            services.forget_proof(request=request)
    return count


def _dif_proofs(now: datetime, is_dry_run: bool) -> int:
    decided = DifDeclaration.objects.proof_kept_since(now - YEAR)
    count = decided.count()
    if not is_dry_run:
        for declaration in decided:
            forget_dif_proof(declaration=declaration)
    return count


def _activity(now: datetime, is_dry_run: bool) -> int:
    before = now - 30 * DAY
    return yearly.unfinished(before).count() if is_dry_run else yearly.forget_unfinished(before)


def _lost(store: ProofStore, model: type[Model]) -> Callable[[datetime, bool], int]:
    """Files of `store` that no row of `model` names: their row was refused, or went before them."""

    def apply(now: datetime, is_dry_run: bool) -> int:
        rows = model._default_manager.exclude(proof_name="")
        named = set(rows.values_list("proof_name", flat=True))
        limit = (now - DAY).timestamp()
        lost = [name for name, written in store.names() if name not in named and written < limit]
        if not is_dry_run:
            for name in lost:
                store.remove(name)
        return len(lost)

    return apply


RULES = (
    Rule("Comptes dont l’adresse n’est pas confirmée", "15 jours", _unconfirmed),
    Rule(
        "Comptes inactifs : avertissement par courriel",
        "23 mois",
        lambda now, is_dry_run: services.notice_inactive(now=now, is_dry_run=is_dry_run),
    ),
    Rule(
        "Comptes inactifs : fermeture",
        "24 mois",
        lambda now, is_dry_run: closing.close_inactive(now=now, is_dry_run=is_dry_run),
    ),
    Rule(
        "Sessions du site",
        "30 minutes sans activité",
        deleting(lambda now: StoredSession.objects.filter(expire_date__lt=now)),
    ),
    Rule("Liste des connexions ouvertes", "30 minutes sans activité", _ended_sessions),
    Rule("Compteurs d’essais", "un jour au plus", _counters),
    Rule(
        "Contrôles de sécurité",
        "5 minutes",
        deleting(lambda now: CaptchaStore.objects.filter(expiration__lt=now)),
    ),
    Rule(
        "Étapes d’une arrivée par FranceConnect",
        "quelques minutes",
        deleting(FranceConnectStep.objects.expired),
    ),
    Rule(
        "Nouvelles adresses de courriel non confirmées",
        "24 heures",
        deleting(EmailChange.objects.expired),
    ),
    Rule("Courriels envoyés ou abandonnés", "30 jours", deleting(_mails)),
    Rule(
        "Tâches terminées",
        "30 jours",
        deleting(lambda now: DBTaskResult.objects.filter(finished_at__lt=now - 30 * DAY)),
    ),
    Rule(
        "Dossiers de formation jamais envoyés",
        "6 mois",
        deleting(Dossier.objects.forgotten_drafts),
    ),
    Rule(
        "Appels des logiciels d’organismes",
        "1 an",
        deleting(lambda now: ProviderCall.objects.before(now - YEAR)),
    ),
    Rule(
        "Empreintes des ordres des logiciels d’organismes",
        "7 jours",
        deleting(lambda now: ProviderOrder.objects.filter(done_at__lt=now - REPLAYED_FOR)),
    ),
    Rule("Activités d’une alimentation annuelle inachevée", "30 jours", _activity),
    Rule("Historique des comptes", "1 an", _history),
    Rule("Reprises de compte", "1 an", deleting(lambda now: TakeOver.objects.before(now - YEAR))),
    Rule("Notes de l’assistance", "1 an", _notes),
    Rule(
        "Retraits de numéro proposés",
        "1 an",
        deleting(lambda now: NirRelease.objects.filter(proposed_at__lt=now - YEAR)),
    ),
    Rule("Pièces d’identité jointes à une demande traitée", "30 jours", _support_proofs),
    Rule("Pièces d’identité sans demande", "1 jour", _lost(identity_proofs, SupportRequest)),
    Rule("Justificatifs de DIF examinés", "1 an", _dif_proofs),
    Rule("Justificatifs de DIF sans déclaration", "1 jour", _lost(dif_proofs, DifDeclaration)),
    Rule(
        "Demandes à l’assistance traitées",
        "1 an",
        deleting(lambda now: SupportRequest.objects.decided_before(now - YEAR)),
    ),
    Rule(
        "Demandes à l’assistance restées sans décision",
        "1 an",
        deleting(lambda now: SupportRequest.objects.open().filter(created_at__lt=now - YEAR)),
    ),
    # last: a trail that somebody changed is kept as it is, and stops the command
    Rule(
        "Piste d’audit",
        "1 an",
        lambda now, is_dry_run: audit.purge(before=now - YEAR, is_dry_run=is_dry_run),
    ),
)
