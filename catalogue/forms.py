"""The search as it stands in the address: every parameter may be missing, old or wrong."""

from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from catalogue.places import Place, PlaceMatch, PlaceState, resolve
from catalogue.search import (
    DEFAULT_RADIUS_KM,
    FACETS,
    RADII_KM,
    Filters,
    Format,
    SearchCriteria,
    Sort,
)
from catalogue.search.facets import Facet
from cpf_portal.ui.masking import mask_nir

MAX_TEXT = 100
MAX_EUROS = 1_000_000
REMOVED = "retire"  # the parameter of an address from which a number was taken away
NUMBER_REMOVED = (
    "Votre recherche ressemblait à un numéro de sécurité sociale\u00a0: nous l’avons effacée, car ce numéro"
    " ne sert jamais à chercher une formation. Écrivez le nom d’une formation ou d’une ville."
)
SORT_LABELS = {
    Sort.RELEVANCE: "Pertinence",
    Sort.PRICE: "Prix",
    Sort.DISTANCE: "Distance",
    Sort.NEXT_START: "Prochaine session",
}


class CutCharField(forms.CharField):
    """A text of which the beginning is read, whatever its length and its characters; never a NIR."""

    def to_python(self, value):
        text = super().to_python((value or "").replace("\0", " ")[: MAX_TEXT + 1])
        if mask_nir(text) != text:
            raise forms.ValidationError(NUMBER_REMOVED)
        return text


def _euros(name: str) -> forms.IntegerField:
    message = f"Le prix {name} est un nombre d’euros, par exemple 1500\u00a0: il n’est pas pris en compte."
    return forms.IntegerField(
        min_value=0,
        max_value=MAX_EUROS,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), message),
    )


def _day(name: str) -> forms.DateField:
    return forms.DateField(
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        required=False,
        error_messages={
            "invalid": (
                f"La date «\u00a0{name}\u00a0» s’écrit comme 31/12/2026\u00a0:"
                " elle n’est pas prise en compte."
            )
        },
    )


class FilterFields(forms.Form):
    """What narrows a search."""

    prix_min = _euros("minimal")
    prix_max = _euros("maximal")
    debut_min = _day("à partir du")
    debut_max = _day("jusqu’au")
    droits = CutCharField(required=False)
    organisme = forms.RegexField(
        r"^[0-9]{14}$",
        required=False,
        error_messages={
            "invalid": "Le numéro de l’organisme a 14 chiffres\u00a0: il n’est pas pris en compte."
        },
    )

    def __init__(self, data: QueryDict, *, budget_cents: int | None = None):
        """`budget_cents` are the rights of the person signed in, None for anybody else."""
        super().__init__(data)
        self.budget_cents = budget_cents

    def clean(self):
        """Add the values ticked in each facet; not fields: a hundred choices copied at each search."""
        return self.cleaned_data | self.chosen

    @cached_property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The values ticked, by facet; those that do not exist are left out."""
        found = {
            facet.name: tuple(dict.fromkeys(v for v in self._typed(facet) if v in facet.labels))
            for facet in FACETS
        }
        return {name: ticked for name, ticked in found.items() if ticked}

    def _typed(self, facet: Facet) -> list[str]:
        return self.data.getlist(facet.name) if facet.name in self.data else []

    @property
    def is_within_rights(self) -> bool:
        """Whether only what her rights pay for is wanted, and they are known."""
        return self.cleaned_data.get("droits") == "oui" and self.budget_cents is not None

    def unknown_choices(self) -> list[str]:
        facets = [
            facet.title
            for facet in FACETS
            if any(value and value not in facet.labels for value in self._typed(facet))
        ]
        return [
            f"Un choix du filtre «\u00a0{title}\u00a0» n’existe pas\u00a0: il n’est pas pris en compte."
            for title in facets
        ]

    def filters(self) -> Filters:
        """Return what narrows the search."""
        return Filters(
            chosen=self.chosen,
            price_from_cents=_cents(self.cleaned_data.get("prix_min")),
            price_to_cents=_cents(self.cleaned_data.get("prix_max")),
            budget_cents=self.budget_cents if self.is_within_rights else None,
            starts_from=self.cleaned_data.get("debut_min"),
            starts_to=self.cleaned_data.get("debut_max"),
            provider=self.cleaned_data.get("organisme") or "",
        )


def _cents(euros: int | None) -> int | None:
    return None if euros is None else 100 * euros


def without_number(query: QueryDict) -> str | None:
    """Return the query string of a search without the text that may be a NIR; None when none may be."""
    numbers = [
        name for name in ("quoi", "ou") if mask_nir(query.get(name, "")) != query.get(name, "")
    ]
    if not numbers:
        return None
    kept = query.copy()
    for name in numbers:
        del kept[name]
    kept[REMOVED] = "numero"
    return kept.urlencode()


class SearchForm(FilterFields):
    """A wrong value is left aside and said so (`ignored`): a shared link always opens."""

    quoi = CutCharField(required=False)
    format = forms.ChoiceField(
        choices=[(value.value, value.value) for value in Format],
        required=False,
        error_messages={
            "invalid_choice": (
                "Le format demandé n’existe pas : toutes les formations sont affichées."
            )
        },
    )
    ou = CutCharField(required=False)
    rayon = forms.TypedChoiceField(
        choices=[(km, f"{km} km") for km in RADII_KM],
        coerce=int,
        empty_value=DEFAULT_RADIUS_KM,
        required=False,
        error_messages={
            "invalid_choice": (
                "La distance demandée n’est pas proposée : nous cherchons"
                f" à {DEFAULT_RADIUS_KM} km."
            )
        },
    )
    tri = forms.ChoiceField(
        choices=[(sort.value, label) for sort, label in SORT_LABELS.items()],
        required=False,
        error_messages={
            "invalid_choice": (
                "L’ordre demandé n’existe pas : les formations sont triées par pertinence."
            )
        },
    )
    page = forms.IntegerField(
        min_value=1,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value"),
            "Le numéro de page n’est pas valable : voici la première page.",
        ),
    )

    def __init__(self, data: QueryDict, *, budget_cents: int | None = None):
        super().__init__(data, budget_cents=budget_cents)
        self.full_clean()

    def ignored(self) -> list[str]:
        """Return what to say of the values left aside."""
        sentences = [str(message) for messages in self.errors.values() for message in messages]
        sentences += self.unknown_choices()
        if self.data.get(REMOVED) and not self.errors:
            sentences.append(NUMBER_REMOVED)
        if self._value("droits") == "oui" and self.budget_cents is None:
            sentences.append(
                "Connectez-vous pour ne voir que les formations financées entièrement par vos droits."
            )
        if self._value("ou") and self._value("format") == Format.DISTANCE:
            sentences.append(
                "Une formation à distance n’a pas de lieu : la ville n’est pas prise en compte."
            )
        return sentences

    @property
    def quoi_read(self) -> str:
        """The words as the field shows them again."""
        return (self._value("quoi") or "")[:MAX_TEXT]

    @property
    def ou_read(self) -> str:
        return (self._value("ou") or "")[:MAX_TEXT]

    @cached_property
    def place_match(self) -> PlaceMatch | None:
        """What the place typed means; None without one, or at a distance, where it says nothing."""
        typed = self._value("ou")
        if not typed or self._value("format") == Format.DISTANCE:
            return None
        return resolve(typed)

    @property
    def place(self) -> Place | None:
        return self.place_match.place if self.place_match else None

    @property
    def is_place_unknown(self) -> bool:
        return self.place_match is not None and self.place_match.state == PlaceState.UNKNOWN

    @property
    def is_place_missing(self) -> bool:
        """Whether the person must first say which place she means."""
        return self.place_match is not None and self.place_match.place is None

    @property
    def has_radius(self) -> bool:
        return self.place is not None and self.place.code is not None

    def address(self) -> str:
        """Return the search as a query string, without what was left aside."""
        given = {n: v for n, v in self.cleaned_data.items() if v and self.data.get(n)}
        return urlencode(given, doseq=True)

    def criteria(self) -> SearchCriteria:
        wanted = self._value("format")
        return SearchCriteria(
            words=self._value("quoi") or "",
            format=Format(wanted) if wanted else None,
            place=self.place,
            radius_km=self.radius_km,
            filters=self.filters(),
            sort=Sort(self._value("tri") or Sort.RELEVANCE),
            page=self._value("page") or 1,
        )

    @property
    def radius_km(self) -> int:
        return self._value("rayon") or DEFAULT_RADIUS_KM

    def _value(self, name):
        return self.cleaned_data.get(name)
