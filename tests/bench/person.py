"""Print the session key of a person with a year-by-year history: python -m tests.bench.person"""

import os
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from accounts.models import Titulaire, User  # noqa: E402
from accounts.nir import Nir  # noqa: E402
from accounts.session_store import SessionStore  # noqa: E402
from rights.models import MovementKind, Pocket  # noqa: E402
from rights.services import credit  # noqa: E402

NIR = Nir.parse("2850599997001")


def bench_user() -> User:
    titulaire = Titulaire.objects.with_nir(NIR).first() or Titulaire(birth_name="Mesure")
    titulaire.nir = NIR
    titulaire.save()
    for year in range(2015, 2023):
        credit(
            titulaire=titulaire,
            kind=MovementKind.YEARLY_CREDIT,
            pocket=Pocket.CPF,
            amount_cents=50000,
            effective_on=date(year + 1, 4, 1),
            source="mesure",
            idempotency_key=f"mesure-{year}",
            year=year,
        )
    user, _ = User.objects.get_or_create(
        titulaire=titulaire,
        defaults={"email": "mesure@example.org", "phone_mobile": "+33639980001"},
    )
    return user


def session_key(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


print(session_key(bench_user()))  # noqa: T201 the caller reads it
