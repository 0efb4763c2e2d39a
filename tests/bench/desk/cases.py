"""Whom the tasks are done for: people of the base whose state fits, each given once."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import SupportRequest, Titulaire
from accounts.models.desk import ReleaseState
from catalogue.models import Provider
from rights.dossiers.states import State
from rights.models import Dossier
from tests.bench.desk.filling import BASE


class Cases:
    def __init__(self) -> None:
        self.given: set[int] = set()

    def _base(self) -> QuerySet[Titulaire]:
        """The people whose number is real, and whom nothing waits for."""
        first = Titulaire.objects.order_by("pk").values_list("pk", flat=True)[0]
        people = Titulaire.objects.filter(pk__lt=first + BASE, closed_at=None, user__is_active=True)
        waiting = {"nir_releases__state": ReleaseState.PENDING}
        asked = SupportRequest.objects.open().values("titulaire")
        return people.exclude(pk__in=self.given).exclude(**waiting).exclude(pk__in=asked)

    def person(self, *, is_confirmed: bool = True, is_frozen: bool = False, **state) -> Titulaire:
        """Return somebody with an account, found as `state` says."""
        found = self._base().filter(
            user__email_confirmed_at__isnull=not is_confirmed,
            user__spending_frozen_at__isnull=not is_frozen,
            **state,
        )
        titulaire = found.select_related("user").order_by("pk")[0]
        self.given.add(titulaire.pk)
        return titulaire

    def dossier(self, state: State, **fields) -> Dossier:
        today = timezone.localdate()
        found = Dossier.objects.filter(state=state, titulaire__in=self._base(), **fields)
        if state == State.REQUESTED:
            found = found.filter(due_on__gte=today)
        dossier = found.select_related("titulaire__user").order_by("pk")[0]
        self.given.add(dossier.titulaire_id)
        return dossier

    def provider(self) -> Provider:
        return Provider.objects.filter(is_suspended=False).order_by("?")[0]
