"""Providers taken out of the catalogue by the staff, and given back to it."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from catalogue.models import Provider, ProviderSuspension


@transaction.atomic
def suspend_provider(
    *, provider: Provider, reason: str, author: AbstractBaseUser, now: datetime
) -> ProviderSuspension | None:
    """Take the offers and the keys of `provider` out of use from the next request on.

    Returns the suspension, or None for a provider who is suspended already. Dossiers follow their course:
    only what is not sent yet is refused. An import changes nothing to it.
    """
    # by `update`: the offers are told to the index in this transaction
    if not Provider.objects.filter(pk=provider.pk, is_suspended=False).update(is_suspended=True):
        return None
    return ProviderSuspension.objects.create(
        provider=provider, reason=reason, author_id=author.pk, suspended_at=now
    )


@transaction.atomic
def resume_provider(
    *, provider: Provider, reason: str, author: AbstractBaseUser, now: datetime
) -> bool:
    """Give his offers and keys back to a suspended provider; False for one who is not suspended."""
    if not Provider.objects.filter(pk=provider.pk, is_suspended=True).update(is_suspended=False):
        return False
    running = ProviderSuspension.objects.filter(provider=provider, resumed_at=None)
    running.update(resume_reason=reason, resumed_by=author.pk, resumed_at=now)
    return True
