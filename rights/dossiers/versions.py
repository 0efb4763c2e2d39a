"""A step over a dossier that was read some time ago: refused when somebody changed it meanwhile."""

from datetime import datetime
from typing import Any

from django.db import transaction

from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.exceptions import DossierError
from rights.dossiers.states import Action
from rights.models import Dossier


class StaleDossier(DossierError):
    """The dossier is no longer at the version that was read."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(
            "Ce dossier a changé depuis que vous l’avez lu\u00a0: rien n’a été fait. "
            "Relisez-le avant de recommencer."
        )


def perform_at_version(
    *, dossier: Dossier, version: int, action: Action, actor: Actor, at: datetime, **given: Any
) -> Dossier:
    """Take one step as `rights.dossiers.services.perform` does, if the dossier still is at `version`.

    Raises StaleDossier when it is not, and what `perform` raises.
    """
    # outside the transaction: a refusal must not undo the delay that has passed
    services.apply_deadline(dossier=dossier, at=at)
    with transaction.atomic():
        current = Dossier.objects.select_for_update(no_key=True).filter(pk=dossier.pk).first()
        if current is None or current.version != version:  # a draft may be deleted meanwhile
            raise StaleDossier
        return services.perform(dossier=current, action=action, actor=actor, at=at, **given)
