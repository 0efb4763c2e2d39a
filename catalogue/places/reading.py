"""What « Ville ou code postal » means: a town, a departement, or several possible answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from django.db.models import Case, When

from catalogue.models import Commune, CommuneQuerySet
from catalogue.places.departments import DEPARTMENTS
from catalogue.places.names import codes_holding, codes_near
from catalogue.places.postcodes import codes_from
from catalogue.places.text import (
    CODE,
    CODE_BEGINNING,
    LABEL,
    NAME_AND_DEPARTMENT,
    POSTCODE_AND_NAME,
    clean,
    district_name,
    with_articles,
)
from cpf_portal.ui.text import fold

MAX_TEXT = 100
MAX_CHOICES = 12
MAX_LONGER_NAMES = 4
# Of one name, there are fewer communes in France.
MAX_READ = 40
MAX_NEAR = 5

# A name borne by several communes is understood alone when the largest is far larger: Montreuil is
# the town of 110,000 people, not the villages. Saint-Denis (two of 150,000) stays a question.
DOMINANT_RATIO = 20

# Departements which are one commune: their name means the commune.
TOWN_DEPARTMENTS = {"75", "977", "978", "989"}
CORSICA = ["2A", "2B"]
FOLDED = {code: fold(name) for code, name in DEPARTMENTS.items()}
CITIES_WITH_DISTRICTS = {"75056", "69123", "13055"}
ALL_DISTRICTS = "tous arrondissements"


@dataclass(frozen=True)
class Place:
    """A commune, an arrondissement of a city, or a whole departement (then without a code).

    `label` is what is written back in the field: `resolve(label)` gives the same place again.
    """

    code: str | None
    label: str
    department: str
    latitude: float | None = None
    longitude: float | None = None
    is_approximate: bool = False
    # the city of an arrondissement
    city: str | None = None


class PlaceState(Enum):
    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    DEPARTMENT = "department"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PlaceMatch:
    """FOUND and DEPARTMENT have a place; AMBIGUOUS has choices; UNKNOWN may have near choices."""

    state: PlaceState
    place: Place | None = None
    choices: tuple[Place, ...] = ()


def resolve(text: str) -> PlaceMatch:
    """Understand what was typed as a place. Never fails: the answer to any nonsense is UNKNOWN."""
    text = text[:MAX_TEXT]
    words = clean(text)
    if match := _as_label(text):
        return match
    for reader in READERS:
        if words and (match := reader(words)):
            return match
    return PlaceMatch(PlaceState.UNKNOWN, choices=tuple(_near(words)))


def suggest(text: str, limit: int = 8) -> list[Place]:
    """Return up to `limit` places for a text being typed, the most populated first."""
    words = clean(text[:MAX_TEXT])
    if len(words) < 2:
        return []
    # Towns first: the names of the departements only have the last lines.
    departments = _departments_from(words)[: limit // 4]
    communes = _places(_communes_from(words, limit - len(departments)))
    found = [*departments, *communes] if words[0].isdecimal() else [*communes, *departments]
    if not found:
        match = resolve(text)
        found = [match.place] if match.place else list(match.choices)
    return found[:limit]


# --- Readers: each understands one way to name a place, or gives None --------------------------


def _as_label(text: str) -> PlaceMatch | None:
    if not (parts := LABEL.fullmatch(text)):
        return None
    name, hint = clean(parts["name"]), clean(parts["hint"])
    department = hint.upper()
    if hint == ALL_DISTRICTS:
        cities = Commune.objects.filter(code__in=CITIES_WITH_DISTRICTS, name_folded=name)
        return _answer(_places(cities))
    if CODE.fullmatch(hint):
        return _answer(_places(_named_at(name, hint)))
    if department not in DEPARTMENTS:
        return None
    if FOLDED[department] == name:
        return _answer([_department(department)])
    return _answer(_places(_named(name).filter(department=department)))


def _as_department(words: str) -> PlaceMatch | None:
    if words in ("20", "corse"):
        return _answer([_department(code) for code in CORSICA])
    code = words.upper().zfill(2)
    return _answer([_department(code)] if code in DEPARTMENTS else [])


def _as_code(words: str) -> PlaceMatch | None:
    if not CODE.fullmatch(words):
        return None
    communes = _at_postcode(words)
    if not communes and not words.isdecimal():
        # Digits alone are never read as an INSEE code: 31009 is a CEDEX of Toulouse, and a village.
        communes = list(Commune.objects.filter(code=words.upper()))
    return _answer(_places(communes))


def _as_district(words: str) -> PlaceMatch | None:
    name = district_name(words)
    return _answer(_places(Commune.objects.filter(name_folded=name))) if name else None


def _as_postcode_and_name(words: str) -> PlaceMatch | None:
    if not (parts := POSTCODE_AND_NAME.fullmatch(words)):
        return None
    postcode = parts["postcode"]
    # « F-31000 Toulouse »
    name = f"{parts['before']} {parts['after']}".strip().removeprefix("f ")
    if not name:
        return None
    # The code of a CEDEX belongs to no commune: the name then, in that departement.
    in_departement = _named(name).filter(department__in=_departments_of(postcode))
    communes = _named_at(name, postcode) or list(in_departement.largest_first())
    # The name may be misspelt: the postcode is enough.
    return _answer(_places(communes or _at_postcode(postcode)))


def _as_name_and_department(words: str) -> PlaceMatch | None:
    if not (parts := NAME_AND_DEPARTMENT.fullmatch(words)):
        return None
    name, codes = parts["name"], _departments_of(parts["department"].zfill(2))
    communes = _named(name).filter(department__in=codes).largest_first()
    # « Lyon 12 », « Toulouse 9 »: the number means nothing, the name does.
    return _answer(_places(communes)) or _as_name(name)


def _as_name(words: str) -> PlaceMatch | None:
    if words.isdecimal():
        return None
    found, names = _named_or_begun(words), with_articles(words)
    exact = [commune for commune in found if commune.name_folded in names][:MAX_CHOICES]
    departments = _departments_named(words)
    if not exact:
        return _answer(departments) or _as_part_of_a_name(words)
    # « Aix » is a village of 350 people, and what people call Aix-en-Provence.
    longer = [
        commune
        for commune in found
        if commune.name_folded not in names and commune.population > exact[0].population
    ][:MAX_LONGER_NAMES]
    if not longer and not departments and _is_dominant(exact):
        return _answer(_places(exact[:1]))
    communes = sorted(longer + exact, key=lambda commune: (-commune.population, commune.code))
    return _answer(departments + _places(communes))


def _named_or_begun(words: str) -> list[Commune]:
    """Return the communes of this name, then those whose name goes on, the largest first."""
    names = with_articles(words)
    communes = _named(words) | Commune.objects.named_from(*(f"{name} " for name in names))
    is_exact = Case(When(name_folded__in=names, then=True), default=False)
    ordered = communes.annotate(is_exact=is_exact).order_by("-is_exact", "-population", "code")
    return list(ordered[:MAX_READ])


def _as_part_of_a_name(words: str) -> PlaceMatch | None:
    communes = Commune.objects.largest_first()
    whole_words = [f"{name} " for name in with_articles(words)]
    if begun := list(communes.named_from(*whole_words).whole()[:MAX_CHOICES]):
        return _answer(_places(begun))
    if begun := list(communes.named_from(*with_articles(words)).whole()[:MAX_CHOICES]):
        # « Toulouze » begins Toulouzette, but Toulouse was meant.
        begun += [commune for commune in _misspelt(words, 1) if commune not in begun]
        return _answer(_places(sorted(begun, key=lambda commune: -commune.population)))
    return _answer(_places(_in_order([*islice(codes_holding(f" {words}"), MAX_CHOICES)])))


READERS: tuple[Callable[[str], PlaceMatch | None], ...] = (
    _as_department,
    _as_code,
    _as_district,
    _as_postcode_and_name,
    _as_name_and_department,
    _as_name,
)


def _answer(places: list[Place]) -> PlaceMatch | None:
    if not places:
        return None
    if len(places) > 1:
        return PlaceMatch(PlaceState.AMBIGUOUS, choices=tuple(places[:MAX_CHOICES]))
    state = PlaceState.FOUND if places[0].code else PlaceState.DEPARTMENT
    return PlaceMatch(state, place=places[0])


def _is_dominant(communes: Sequence[Commune]) -> bool:
    return len(communes) == 1 or (communes[0].population >= DOMINANT_RATIO * communes[1].population)


# --- Communes --------------------------------------------------------------------------------


def _named(name: str) -> CommuneQuerySet:
    return Commune.objects.filter(name_folded__in=with_articles(name))


def _with_postcode_from(digits: str, limit: int | None = None) -> CommuneQuerySet:
    return Commune.objects.filter(code__in=codes_from(digits, limit))


def _at_postcode(postcode: str) -> list[Commune]:
    """Communes of a postcode; an arrondissement rather than its city, which has them all."""
    communes = list(_with_postcode_from(postcode).largest_first())
    cities = {commune.parent_id for commune in communes}
    return [commune for commune in communes if commune.code not in cities]


def _named_at(name: str, postcode: str) -> list[Commune]:
    """Communes of a postcode that bear this name, else its beginning (« Paris 15e », « Paris »)."""
    communes = _at_postcode(postcode)
    return (
        [commune for commune in communes if commune.name_folded == name]
        or [commune for commune in communes if commune.name_folded in with_articles(name)]
        or [commune for commune in communes if commune.name_folded.startswith(f"{name} ")]
    )


def _communes_from(words: str, limit: int) -> Sequence[Commune]:
    if CODE.fullmatch(words) and (at_postcode := _at_postcode(words)):
        return at_postcode[:limit]
    if not CODE_BEGINNING.fullmatch(words):
        communes = Commune.objects.named_from(*with_articles(words))
    elif words.isdecimal():
        communes = _with_postcode_from(words, limit)
    else:
        communes = Commune.objects.filter(code__begins=words.upper())
    return communes.largest_first()[:limit]


def _near(words: str) -> list[Place]:
    """What an unknown text may have meant: a misspelt name, or the communes around a postcode."""
    if words.isdecimal():
        # The code of a CEDEX, one without its first zero, or one not typed to its end.
        digits = words.zfill(5) if len(words) == 4 else words
        communes = _with_postcode_from(digits[:3]).whole().largest_first()
        return _places([*communes[:MAX_NEAR], *Commune.objects.filter(code=words)])
    if misspelt := _misspelt(words, 1 if len(words) < 6 else 2):
        return _places(misspelt)
    # « Cergy Pontoise »: the beginning may be known.
    while words := words.rpartition(" ")[0]:
        if communes := list(_named(words).largest_first()[:MAX_NEAR]):
            return _places(communes)
    return []


def _misspelt(words: str, mistakes: int) -> list[Commune]:
    """Communes whose name is at most so many typing mistakes away, the nearest first."""
    return _in_order(codes_near(words, mistakes)[:MAX_NEAR])


def _in_order(codes: list[str]) -> list[Commune]:
    by_code = Commune.objects.in_bulk(codes)
    return [by_code[code] for code in codes if code in by_code]


def _places(communes: Iterable[Commune]) -> list[Place]:
    return [
        Place(
            code=commune.code,
            label=_label(commune),
            department=commune.department,
            latitude=commune.latitude,
            longitude=commune.longitude,
            is_approximate=commune.is_approximate,
            city=commune.parent_id,
        )
        for commune in communes
    ]


def _label(commune: Commune) -> str:
    if commune.code in CITIES_WITH_DISTRICTS:
        return f"{commune.name} ({ALL_DISTRICTS})"
    name = commune.name.removesuffix(" Arrondissement") if commune.parent_id else commune.name
    return f"{name} ({commune.postcode or commune.department})"


# --- Departements ----------------------------------------------------------------------------


def _department(code: str) -> Place:
    return Place(code=None, label=f"{DEPARTMENTS[code]} ({code})", department=code)


def _departments_named(words: str) -> list[Place]:
    names = with_articles(words)
    return [
        _department(code)
        for code, name in FOLDED.items()
        if name in names and code not in TOWN_DEPARTMENTS
    ]


def _departments_from(words: str) -> list[Place]:
    if words.upper() in DEPARTMENTS:
        return [_department(words.upper())]
    beginnings = tuple(with_articles(words))
    return [
        _department(code)
        for code, name in FOLDED.items()
        if len(words) > 2 and code not in TOWN_DEPARTMENTS and name.startswith(beginnings)
    ]


def _departments_of(digits: str) -> list[str]:
    """Departements that a postcode, or the number of a departement, begins with."""
    if digits.startswith("20"):
        return CORSICA
    return [digits[:3] if digits.startswith(("97", "98")) else digits[:2].upper()]
