"""What the API reads and writes. The names are French, as in the documents that providers know."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

from rights.api.names import ACTORS, DETAILS, ORDERS, STATES
from rights.dossiers.details import MAX_HOURS, MAX_PRICE_CENTS, MAX_WORDS
from rights.dossiers.states import Action

Etat = StrEnum("Etat", {state.name: name for state, name in STATES.items()})
Ordre = StrEnum("Ordre", {action.name: name for action, (name, _) in ORDERS.items()})
Acteur = StrEnum("Acteur", {kind.name: name for kind, name in ACTORS.items()})

CURSOR = r"^[0-9]{10,16}-[2-9A-Z]{16}$"
# at least one character that shows, and no control character but line feeds and tabs
Text = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=MAX_WORDS,
        pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$",
    ),
]


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 89.0 is an integer there. Texts and booleans are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = BeforeValidator(_whole)  # after the bounds, so that the description has them
Cents = Annotated[int, Field(ge=1, le=MAX_PRICE_CENTS, strict=True), Whole]
Hours = Annotated[int, Field(ge=1, le=MAX_HOURS, strict=True), Whole]
Percent = Annotated[int, Field(ge=0, le=100, strict=True), Whole]


# --- What is read from a request ---------------------------------------------------------------


class Order(Schema):
    """Un ordre sans précision\u00a0: un objet vide."""

    model_config = ConfigDict(extra="forbid")

    def details(self) -> dict[str, object]:
        """Return what was given, by the names of `rights.dossiers`."""
        given = self.model_dump(exclude_none=True)
        return {DETAILS[name]: value for name, value in given.items()}


class Proposition(Order):
    """Ce que l’organisme propose à la place\u00a0; ce qui n’est pas donné reste comme demandé."""

    debut_le: date | None = Field(None, description="Premier jour.")
    fin_le: date | None = Field(None, description="Dernier jour.")
    heures: Hours | None = None
    prix_centimes: Cents | None = Field(None, description="Prix TTC.")
    note: Text | None = Field(None, description="Lue par le titulaire.")


class Refus(Order):
    motif: Text = Field(description="Lu par le titulaire.")


class Annulation(Refus):
    part_realisee: Percent | None = Field(
        None, description="En pourcentage\u00a0; obligatoire une fois la formation commencée."
    )


class Jour(Order):
    le: date | None = Field(None, description="Le jour même s’il n’est pas donné.")


class Absence(Order):
    note: Text | None = None


class ServiceFait(Absence):
    part_realisee: Percent | None = Field(None, description="En pourcentage\u00a0; 100 sinon.")


BODIES: dict[Action, type[Order]] = {
    Action.ACCEPT: Order,
    Action.PROPOSE: Proposition,
    Action.REFUSE: Refus,
    Action.CANCEL_BY_PROVIDER: Annulation,
    Action.DECLARE_ENTRY: Jour,
    Action.DECLARE_ABSENCE: Absence,
    Action.RETRACT_ABSENCE: Absence,
    Action.DECLARE_END: Jour,
    Action.DECLARE_SERVICE: ServiceFait,
}


class Search(Schema):
    etat: Etat = Field(None)
    modifie_depuis: AwareDatetime = Field(
        None, description="Avec le fuseau\u00a0: 2026-12-31T08:00:00+01:00."
    )
    apres: str = Field(
        None, pattern=CURSOR, description="La «\u00a0suite\u00a0» de la page précédente."
    )
    limite: int = Field(50, ge=1, le=100)


# --- What is written in an answer --------------------------------------------------------------


class Formation(Schema):
    offre: str = Field(description="Identifiant de l’offre dans le catalogue.")
    intitule: str
    session: str = Field(description="Numéro de la session, s’il en a un.")
    lieu: str
    heures: int | None
    debut_le: date
    fin_le: date | None


class Montants(Schema):
    """En centimes d’euro."""

    prix: int
    pris_en_charge: int = Field(description="Payé par les droits du titulaire.")
    reste_a_payer: int


class Stagiaire(Schema):
    """Pour joindre la personne tant que son dossier est en cours\u00a0; ni numéro ni naissance."""

    nom: str
    courriel: str
    telephone: str


class Changements(Schema):
    debut_le: date | None = None
    fin_le: date | None = None
    heures: int | None = None
    prix_centimes: int | None = None
    note: str | None = None


class Evenement(Schema):
    le: datetime
    etape: str
    par: Acteur
    etat: Etat


class DossierResume(Schema):
    reference: str
    version: int = Field(description="À rendre dans If-Match, entre guillemets.")
    etat: Etat
    libelle: str
    modifie_le: AwareDatetime
    demande_le: AwareDatetime
    repondre_avant_le: date | None = Field(description="Dernier jour pour répondre à la demande.")
    declarer_avant_le: date | None = Field(
        description="Dernier jour pour déclarer l’entrée, la fin ou le service fait."
    )
    absence_contestable_jusqu_au: date | None = Field(
        description="Une absence déclarée n’est établie qu’après ce jour."
    )
    formation: Formation
    ordres: list[Ordre] = Field(description="Ce qui est possible maintenant.")


class Dossier(DossierResume):
    montants: Montants
    stagiaire: Stagiaire | None = Field(description="null une fois le dossier clos.")
    proposition: Changements | None
    entree_le: date | None
    fin_reelle_le: date | None
    part_realisee: int | None
    evenements: list[Evenement]


class Page(Schema):
    dossiers: list[DossierResume]
    suite: str | None = Field(
        description="À donner dans «\u00a0apres\u00a0» pour la page suivante."
    )
