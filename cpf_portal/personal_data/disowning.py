"""What an account that nobody verified said of its holder is taken back, in every room."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import Disowned
from rights.dossiers.disowning import disown_dossiers
from rights.models import Dossier
from rights.services import disown_declarations, disown_dif, spent_since


@transaction.atomic
def disown(*, user: User, now: datetime) -> Disowned:
    """Undo what `user`, whose number is another's, declared and asked; return what was, and what stays.

    What an earlier account had declared, closed since by its holder, is none of it.
    The ledger keeps each line: what is taken back is a movement with its reason.
    """
    titulaire = user.titulaire
    if titulaire is None:
        raise TypeError("a member of the staff declares nothing")
    # in the order of a step of a dossier: the dossiers, their holder, her rights
    list(Dossier.objects.for_titulaire(titulaire).open().select_for_update(of=("self",)))
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    cancelled, left = disown_dossiers(user=user, titulaire=titulaire, at=now)
    since, today = user.created_at, timezone.localdate(now)
    taken, used = disown_dif(titulaire=titulaire, since=since, today=today)
    return Disowned(
        declarations=disown_declarations(titulaire=titulaire, since=timezone.localdate(since)),
        dif_cents=taken,
        dif_spent_cents=used,
        rights_spent_cents=spent_since(titulaire=titulaire, since=since),
        requests_cancelled=cancelled,
        enrolments_left=left,
    )
