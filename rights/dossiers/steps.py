"""One step being taken: the dossier under its lock, who takes it, when, and with what."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from rights.dossiers.actors import Actor
from rights.models import Dossier, Figures, Parameter


@dataclass
class Step:
    dossier: Dossier
    actor: Actor
    at: datetime
    details: dict[str, Any] = field(default_factory=dict)
    # what the time line tells besides the details
    told: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def today(self) -> date:
        """The day in Paris."""
        return timezone.localdate(self.at)

    @cached_property
    def figures(self) -> Figures:
        return Parameter.objects.figures(self.today)
