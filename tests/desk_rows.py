"""Rows of everything that the administration lists: a few for a test, a great many to measure.

`fill(first, count)` writes `count` rows of each kind, numbered from `first`, and all that they hang on.
"""

from datetime import date, timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import (
    AccountEvent,
    AccountSession,
    NirRelease,
    OutgoingMail,
    RateLimit,
    ReplyTemplate,
    SupportNote,
    SupportRequest,
    TakeOver,
    TakeOverWay,
    Titulaire,
    User,
)
from accounts.nir import Nir
from catalogue.models import (
    Certification,
    Commune,
    ImportReport,
    IndexRebuild,
    Modality,
    Offer,
    Provider,
    ProviderSuspension,
    Session,
    Synonym,
)
from rights.dossiers.states import State
from rights.models import (
    Abondement,
    Attestation,
    CorrectionProposal,
    Declaration,
    DifDeclaration,
    Dossier,
    HoursMovement,
    Movement,
    Parameter,
    ProviderCall,
    ProviderKey,
    RegisterImport,
    Reservation,
    RightsAccount,
    YearlyRun,
)
from tests.bench.credit import number
from tests.factories import luhn

BATCH = 2000
TODAY = date(2026, 11, 1)
NAMES = ("Dupont", "Moreau", "Ferré", "Lefèvre", "Garnier", "Rousseau", "Petit", "Blanc")
EVENTS = ("signed_in", "password_changed", "email_confirmed", "signed_up")
# most requests were answered long ago
ANSWERED = {"state": "closed", "decision": "reply", "answer": "vu"}
HASH = make_password("Motdepasse1")


def fill(first: int, count: int, *, agent: User) -> None:
    """Write `count` rows of each list; `agent` is whoever of the staff did it."""
    people = write_people(first, count)
    accounts = list(RightsAccount.objects.filter(titulaire__in=[p.pk for p in people]))
    users = list(User.objects.filter(titulaire__in=[p.pk for p in people]).order_by("pk"))
    write_of_people(first, users, agent)
    write_rights(first, people, accounts, agent)
    offers = write_catalogue(first, count, agent)
    write_dossiers(first, users, accounts, offers)
    write_work(first, count, offers, agent)


def write_people(first: int, count: int) -> list[Titulaire]:
    """Write titulaires with their account and their rights."""
    now = timezone.now()
    rows = []
    for n in range(first, first + count):
        name = f"{NAMES[n % len(NAMES)]} {letters(n)}"
        row = Titulaire(birth_name=name, birth_name_folded=name.lower(), created_at=now)
        row.nir = Nir(number(n))
        rows.append(row)
    people = Titulaire.objects.bulk_create(rows, batch_size=BATCH)
    User.objects.bulk_create(map(account_of, people, range(first, first + count)), BATCH)
    RightsAccount.objects.bulk_create(
        [RightsAccount(titulaire=row, cpf_cents=500000) for row in people], BATCH
    )
    return people


def account_of(row: Titulaire, n: int) -> User:
    now = timezone.now()
    return User(
        titulaire=row,
        email=f"personne{n}@example.org",
        password=HASH,
        phone_mobile=f"+3363998{n % 10000:04d}",
        cgu_version="2026-11",
        cgu_accepted_at=now,
        email_confirmed_at=now,
        spending_frozen_at=now if n % 997 == 0 else None,
    )


def letters(n: int) -> str:
    """A number as letters, since a name has no digit."""
    return "".join("abcdefghij"[int(digit)] for digit in str(n))


def write_of_people(first: int, users: list[User], agent: User) -> None:
    now = timezone.now()
    made = partial(bulk, users, first)
    made(AccountEvent, lambda user, n: {"user": user, "kind": EVENTS[n % 4]}, 3)
    made(OutgoingMail, lambda user, n: {"user": user, "kind": "confirmation", "sent_at": now}, 2)
    made(
        AccountSession,
        lambda user, n: {
            "user": user, "session_key": f"cle-{n}", "browser": "Firefox", "started_at": now,
            "seen_at": now - timedelta(seconds=n),
        },
    )  # fmt: skip
    made(
        SupportRequest,
        lambda user, n: {
            "titulaire": user.titulaire, "kind": "question", "contact_email": user.email,
            **(ANSWERED | {"decided_at": now} if n % 50 else {}),
        },
    )  # fmt: skip
    made(
        RateLimit,
        lambda user, n: {"key": f"login:{n}", "hits": 1, "expires_at": now + timedelta(1)},
    )
    made(SupportNote, lambda user, n: {"titulaire": user.titulaire, "author": agent, "text": "vu"})
    made(
        NirRelease,
        lambda user, n: {"titulaire": user.titulaire, "proposed_by": agent, "reason": "vérifié"},
    )
    made(
        TakeOver,
        lambda user, n: {
            "titulaire": user.titulaire, "way": TakeOverWay.SUPPORT, "happened_at": now,
            "account": n + 1, "signed_up_at": now,
        },
    )  # fmt: skip
    made(
        ReplyTemplate,
        lambda user, n: {"title": f"Modèle {n}", "subject": "Objet", "body": "Bonjour"},
    )


def write_rights(first: int, people, accounts, agent: User) -> None:
    made = partial(bulk, accounts, first)
    for year in range(2016, 2026):
        made(Movement, partial(movement, year))
    made(
        HoursMovement,
        lambda account, n: {
            "account": account, "kind": "yearly_credit", "hours": 25, "year": 2020,
            "effective_on": TODAY, "source": "Employeur", "idempotency_key": f"heures-{n}",
        },
    )  # fmt: skip
    made(
        Attestation,
        lambda account, n: {
            "account": account, "code": str(n), "nonce": "n", "issued_at": timezone.now(),
            "cpf_cents": 1, "dif_cents": 0, "abondement_cents": 0,
        },
    )  # fmt: skip
    made(
        Abondement,
        lambda account, n: {
            "account": account, "financer": "employer", "financer_name": f"Société {n}",
            "amount_cents": 1000, "remaining_cents": 1000, "granted_on": TODAY,
            "legal_basis": "art. L6323-4", "idempotency_key": f"abondement-{n}",
        },
    )  # fmt: skip
    made(
        CorrectionProposal,
        lambda account, n: {
            "account": account, "pocket": "cpf", "amount_cents": 1000, "reason": "erreur",
            "proposed_by": agent, "idempotency_key": f"correction-{n}",
        },
    )  # fmt: skip
    made(
        DifDeclaration,
        lambda account, n: {
            "account": account, "hours": 20, "amount_cents": 30000, "legal_basis": "art. 8",
            "proof_type": "application/pdf", "submitted_at": timezone.now(),
            "state": "accepted" if n % 100 else "to_examine",
        },
    )  # fmt: skip
    bulk(
        people, first, Declaration,
        lambda row, n: {"titulaire": row, "kind": "boeth", "declared_on": TODAY},
    )  # fmt: skip


def movement(year: int, account: RightsAccount, n: int) -> dict:
    return {
        "account": account, "kind": "yearly_credit", "pocket": "cpf", "amount_cents": 50000,
        "effective_on": date(year + 1, 4, 15), "year": year, "source": "Employeur",
        "legal_basis": "art. R6323-1", "idempotency_key": f"{year}-{n}",
    }  # fmt: skip


def write_catalogue(first: int, count: int, agent: User) -> list[Offer]:
    numbers = list(range(first, first + count))
    now = timezone.now()
    bulk(numbers, first, Commune, lambda _, n: {
        "code": f"{n:05d}", "name": f"Commune {n}", "name_folded": f"commune {n}", "postcodes": " 44000 ",
        "department": "44", "region": "52", "latitude": 47.0, "longitude": -1.0,
    })  # fmt: skip
    bulk(
        numbers, first, Certification,
        lambda _, n: {"code": f"RNCP{n}", "kind": "RNCP", "title": f"Titre {n}"},
    )  # fmt: skip
    providers = bulk(
        numbers, first, Provider,
        lambda _, n: {"siret": luhn(f"{n:013d}"), "name": f"Organisme {n}"},
    )  # fmt: skip
    bulk(providers, first, ProviderSuspension, lambda provider, n: {
        "provider": provider, "reason": "signalement", "suspended_at": now, "author": agent,
    })  # fmt: skip
    bulk(numbers, first, Synonym, lambda _, n: {"term": f"terme {n}", "meaning": "autre"})
    certifications = {c.code: c for c in Certification.objects.filter(code__startswith="RNCP")}
    offers = bulk(providers, first, Offer, lambda provider, n: {
        "provider": provider, "public_id": f"{provider.siret}_{n}", "title": f"Anglais {n}",
        "modality": Modality.ON_SITE, "commune_id": f"{n:05d}", "price_cents": 100000,
        "certification": certifications[f"RNCP{n}"],
    })  # fmt: skip
    bulk(offers, first, Session, lambda offer, n: {"offer": offer, "starts_on": TODAY})
    return offers


def write_dossiers(first: int, users, accounts, offers) -> None:
    held = bulk(accounts, first, Reservation, lambda account, n: {
        "account": account, "reference": f"R{n}", "amount_cents": 100000,
    })  # fmt: skip
    owners = {user.titulaire_id: user for user in users}
    now = timezone.now()

    def dossier(reservation: Reservation, n: int) -> dict:
        user, offer = owners[reservation.account.titulaire_id], offers[n % len(offers)]
        return {
            "titulaire_id": user.titulaire_id, "user": user, "offer": offer,
            "provider": offer.provider, "state": State.VALIDATED, "title": offer.title,
            "provider_name": offer.provider.name, "starts_on": TODAY, "price_cents": 100000,
            "cpf_cents": 100000, "remainder_cents": 0, "reservation": reservation,
            "created_at": now, "requested_at": now, "validated_at": now,
        }  # fmt: skip

    bulk(held, first, Dossier, dossier)


def write_work(first: int, count: int, offers, agent: User) -> None:
    numbers, now = list(range(first, first + count)), timezone.now()
    providers = [offer.provider for offer in offers]
    keys = bulk(providers, first, ProviderKey, lambda provider, n: {
        "provider": provider, "label": "gestion", "prefix": f"{n:08d}", "secret_hash": f"{n}",
        "expires_on": TODAY,
    })  # fmt: skip
    bulk(keys, first, ProviderCall, lambda key, n: {
        "key": key, "operation": "lire", "status": 200, "called_at": now,
    })  # fmt: skip
    bulk(numbers, first, ImportReport, lambda _, n: {"file_name": f"offres-{n}.xml"})
    bulk(numbers, first, IndexRebuild, lambda _, n: {
        "author": agent, "asked_at": now, "is_open": False, "state": "done",
    })  # fmt: skip
    bulk(numbers, first, RegisterImport, lambda _, n: {
        "file_name": f"droits-{n}.csv", "outcome": "done", "started_at": now,
    })  # fmt: skip
    bulk(numbers, first, YearlyRun, lambda _, n: {
        "year": 2020, "feed_digest": f"{n:064d}", "feed_name": "dsn.csv", "effective_on": TODAY,
    })  # fmt: skip
    bulk(numbers, first, Parameter, lambda _, n: {
        "name": "credit_cents", "valid_from": date(2100, 1, 1) + timedelta(n), "value": 50000,
        "legal_basis": "essai",
    })  # fmt: skip


def bulk(owners, first: int, model, values, times: int = 1) -> list:
    """Write `times` rows of `model` for each owner: `values(owner, number)` are their fields."""
    rows = [
        model(**values(owner, n))
        for n, owner in enumerate(
            (owner for owner in owners for _ in range(times)), start=first * times
        )
    ]
    return model.objects.bulk_create(rows, batch_size=BATCH)
