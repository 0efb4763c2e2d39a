"""Lists for spreadsheets: which columns there are, never a number, never what a person wrote.

A column is chosen from this closed list; what a provider or a person typed into a name passes through
the mask of the numbers all the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Titulaire, User
from accounts.models.titulaire import IdentityLevel
from accounts.own_person import own_titulaires
from catalogue.models import CertificationKind, Modality, Offer
from cpf_portal.ui.csv_files import Amount
from cpf_portal.ui.masking import mask_nir
from rights.dossiers.states import State
from rights.models import Dossier, Movement, MovementKind, Pocket

CHUNK = 2000  # rows in memory at once


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}" if value else ""


def yes_or_no(value: object) -> str:
    return "oui" if value else "non"


def label_of(choices: type) -> Callable[[str | None], str]:
    labels: Mapping[str, str] = dict(choices.choices)  # type: ignore[attr-defined]
    return lambda value: labels.get(value or "", "")


def masked(value: object) -> str:
    return mask_nir(str(value or ""))


def amount(value: int | None) -> object:
    return "" if value is None else Amount(value)


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the look-up that it is read by, and how the value is written."""

    heading: str
    path: str
    write: Callable = lambda value: value
    # ticked at first; what tells who somebody is is not
    is_usual: bool = True


@dataclass(frozen=True)
class Export:
    """A list that can be taken away, by who has the permission."""

    title: str
    permission: str
    model: type[Model]
    # the day or the moment that « du » and « au » are compared with, and its name
    moment: str
    moment_name: str
    columns: Mapping[str, Column]
    intro: str = ""
    only: Mapping[str, object] | None = None
    without: Mapping[str, object] | None = None
    # the look-up of the person whom a row belongs to
    person: str = ""
    # of who people are: asked for with a reason, and limited (accounts.limits)
    policy: str = ""

    def rows(self, agent: User, since: date | None, until: date | None) -> QuerySet:
        """Return the rows between two days, included, in the order of their keys; not those of `agent`."""
        found = self.model._default_manager.filter(**(self.only or {}))
        if self.person and (own := own_titulaires(agent)):
            found = found.exclude(**{f"{self.person}__in": own})
        if self.without:
            found = found.exclude(**self.without)
        name = self.moment if self.moment.endswith("_on") else f"{self.moment}__date"
        if since:
            found = found.filter(**{f"{name}__gte": since})
        if until:
            found = found.filter(**{f"{name}__lte": until})
        return found.order_by("pk")

    def written(self, rows: QuerySet, chosen: Sequence[str]) -> Iterator[list[object]]:
        """Yield the cells of `rows` in these columns, read by chunks."""
        columns = [self.columns[name] for name in chosen]
        values = rows.values_list(*(column.path for column in columns))
        for row in values.iterator(chunk_size=CHUNK):
            yield [column.write(cell) for column, cell in zip(columns, row, strict=True)]


OFFERS = Export(
    title="Offres de formation",
    permission="catalogue.export_offers",
    model=Offer,
    moment="updated_at",
    moment_name="mise à jour",
    intro="Les offres publiées, sans celles des organismes suspendus.",
    only={"removed_at": None, "provider__is_suspended": False},
    columns={
        "identifiant": Column("Identifiant public", "public_id"),
        "intitule": Column("Intitulé", "title", masked),
        "siret": Column("SIRET de l’organisme", "provider__siret"),
        "organisme": Column("Organisme", "provider__name", masked),
        "certification": Column("Code de la certification", "certification__code"),
        "repertoire": Column("Répertoire", "certification__kind", label_of(CertificationKind)),
        "format": Column("Format", "modality", label_of(Modality)),
        "commune": Column("Commune", "commune__name"),
        "departement": Column("Département", "commune__department"),
        "prix": Column("Prix TTC (€)", "price_cents", amount),
        "heures": Column("Durée (heures)", "hours"),
        "source": Column("Source", "source", is_usual=False),
        "mise_a_jour": Column("Mise à jour", "updated_at", moment),
    },
)
MOVEMENTS = Export(
    title="Mouvements de droits",
    permission="rights.export_movements",
    model=Movement,
    person="account__titulaire",
    moment="effective_on",
    moment_name="date d’effet",
    intro="Une personne n’y est qu’un numéro de compte\u00a0; les motifs écrits n’y sont pas.",
    columns={
        "numero": Column("Mouvement n°", "pk"),
        "compte": Column("Compte de droits n°", "account_id"),
        "date": Column("Date d’effet", "effective_on", day),
        "nature": Column("Nature", "kind", label_of(MovementKind)),
        "poche": Column("Poche", "pocket", label_of(Pocket)),
        "montant": Column("Montant (€)", "amount_cents", amount),
        "annee": Column("Au titre de l’année", "year"),
        "agent": Column("Agent n°", "author_id", is_usual=False),
        "enregistre": Column("Enregistré le", "recorded_at", moment),
    },
)
DOSSIERS = Export(
    title="Dossiers de formation",
    permission="rights.export_movements",
    model=Dossier,
    person="titulaire",
    moment="requested_at",
    moment_name="demande",
    intro="Les dossiers envoyés\u00a0; les brouillons ne regardent que leur titulaire.",
    without={"state": State.DRAFT},
    columns={
        "reference": Column("Référence", "reference"),
        "etat": Column("État", "state", label_of(State)),
        "titulaire": Column("Titulaire n°", "titulaire_id"),
        "offre": Column("Offre", "offer__public_id"),
        "intitule": Column("Intitulé", "title", masked),
        "siret": Column("SIRET de l’organisme", "provider__siret"),
        "organisme": Column("Organisme", "provider_name", masked),
        "debut": Column("Début", "starts_on", day),
        "fin": Column("Fin", "ends_on", day),
        "prix": Column("Prix TTC (€)", "price_cents", amount),
        "cpf": Column("Payé par le CPF (€)", "cpf_cents", amount),
        "dif": Column("Payé par le DIF (€)", "dif_cents", amount),
        "abondement": Column("Payé par abondement (€)", "abondement_cents", amount),
        "reste": Column("Reste à payer (€)", "remainder_cents", amount),
        "demande": Column("Demandé le", "requested_at", moment),
        "valide": Column("Validé le", "validated_at", moment),
        "clos": Column("Clos le", "closed_at", moment),
    },
)
PEOPLE = Export(
    title="Titulaires",
    permission="accounts.export_people",
    model=Titulaire,
    person="pk",
    moment="created_at",
    moment_name="création",
    intro="Sans numéro de sécurité sociale ni courriel. Le nom n’est écrit que si vous le cochez\u00a0:"
    " ne le prenez que si votre travail le demande.",
    policy="people-export",
    only={"closed_at": None},
    columns={
        "titulaire": Column("Titulaire n°", "pk"),
        "compte": Column("Compte n°", "user__pk"),
        "identite": Column("Identité", "identity_level", label_of(IdentityLevel)),
        "diplome": Column("Niveau de diplôme", "diploma_level"),
        "inscrit": Column("Inscrit le", "user__created_at", moment),
        "confirme": Column("Courriel confirmé", "user__email_confirmed_at", yes_or_no),
        "actif": Column("Compte actif", "user__is_active", yes_or_no),
        "suspendu": Column("Usage des droits suspendu", "user__spending_frozen_at", yes_or_no),
        "connexion": Column("Dernière connexion", "user__last_login", moment),
        "nom": Column("Nom de naissance", "birth_name", masked, is_usual=False),
    },
)
EXPORTS: dict[str, Export] = {
    "offres": OFFERS,
    "mouvements": MOVEMENTS,
    "dossiers": DOSSIERS,
    "titulaires": PEOPLE,
}
