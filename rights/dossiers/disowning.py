"""The dossiers of an account that its number's holder takes over: what is not agreed yet is undone."""

from datetime import datetime

from accounts.models import Titulaire, User
from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.states import Action, State
from rights.models import Dossier, DossierEvent

# Nobody is engaged yet: the rights come back in entirety.
_UNDONE_BY = {
    State.REQUESTED: Action.CANCEL_REQUEST,
    State.TO_VALIDATE: Action.CANCEL_REQUEST,
    State.PAYING: Action.CANCEL_REQUEST,
    State.PAYMENT_REFUSED: Action.CANCEL_REQUEST,
    State.PROPOSED: Action.REFUSE_PROPOSAL,
}


def disown_dossiers(*, user: User, titulaire: Titulaire, at: datetime) -> tuple[int, int]:
    """Delete the drafts of `user` for `titulaire`, cancel his requests, forget his words; return how many.

    That is how many requests were cancelled, and how many enrolments stay, with their rights: a training
    agreed with a provider, or under way, is for the support to judge.
    """
    dossiers = Dossier.objects.for_titulaire(titulaire)
    actor, cancelled = Actor.titulaire(user), 0
    for dossier in dossiers.running():
        dossier = services.apply_deadline(dossier=dossier, at=at)
        if action := _UNDONE_BY.get(State(dossier.state)):
            services.perform(dossier=dossier, action=action, actor=actor, at=at)
            cancelled += 1
    dossiers.filter(state=State.DRAFT).delete()
    DossierEvent.objects.forget_words_of(titulaire)
    return cancelled, dossiers.running().count()
