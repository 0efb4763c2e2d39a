"""What a provider orders: once whatever is sent again, and never over a change that it has not read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.crypto import blind_index
from rights.api import reading
from rights.api.names import FIELD_OF
from rights.api.problems import Problem
from rights.dossiers.actors import Actor
from rights.dossiers.exceptions import DossierError, InvalidDetail
from rights.dossiers.states import Action
from rights.dossiers.versions import StaleDossier, perform_at_version
from rights.models import Dossier, ProviderKey, ProviderOrder


@dataclass(frozen=True, slots=True)
class Done:
    dossier: Dossier
    is_replayed: bool = False


def carry_out(
    *,
    key: ProviderKey,
    action: Action,
    reference: str,
    details: Mapping[str, Any],
    if_match: str,
    idempotency_key: str | None,
) -> Done:
    """Take one step of a dossier of the provider of `key`, or find that it was taken by the same order.

    Raises Problem: unknown dossier, version not given or not the present one, step refused.
    """
    digest = _digest(action, reference, details)
    dossier = reading.find(key.provider, reference)
    with transaction.atomic():
        is_replayed = idempotency_key is not None and not _is_first(key, idempotency_key, digest)
        if not is_replayed:
            _perform(dossier, _version(if_match), action, key, details)
    return Done(reading.find(key.provider, reference), is_replayed)


def _is_first(key: ProviderKey, idempotency_key: str, digest: str) -> bool:
    """Note the order, or tell that it was carried out; one that is under way is waited for."""
    try:
        with transaction.atomic():
            ProviderOrder.objects.create(key=key, idempotency_key=idempotency_key, digest=digest)
    except IntegrityError:
        known = ProviderOrder.objects.get(key=key, idempotency_key=idempotency_key)
        if known.digest != digest:
            raise Problem(
                "cle-idempotence-prise", "Donnez une autre Idempotency-Key à un autre ordre."
            ) from None
        return False
    return True


def _version(if_match: str) -> int:
    """Return the version that was read, -1 for an ETag that is none of ours."""
    text = if_match.strip().strip('"')
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _perform(
    dossier: Dossier, version: int, action: Action, key: ProviderKey, details: Mapping[str, Any]
) -> None:
    try:
        perform_at_version(
            dossier=dossier,
            version=version,
            action=action,
            actor=Actor.provider(name=f"clé {key.prefix}"),
            at=timezone.now(),
            **details,
        )
    except StaleDossier as error:
        raise Problem("version-perimee", str(error)) from error
    except InvalidDetail as error:
        fault = {"champ": f"body.{FIELD_OF[error.field]}", "detail": str(error)}
        raise Problem(
            "donnees-invalides", "Corrigez les données citées.", errors=[fault]
        ) from error
    except DossierError as error:
        raise Problem("action-impossible", str(error)) from error


def _digest(action: Action, reference: str, details: Mapping[str, Any]) -> str:
    said = json.dumps([action, reference, dict(details)], default=str, sort_keys=True)
    return blind_index(said, purpose="provider-order")
