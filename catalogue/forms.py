"""The search as it stands in the address: every parameter may be missing, old or wrong."""

from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property

from catalogue.places import Place, PlaceMatch, PlaceState, resolve
from catalogue.search import DEFAULT_RADIUS_KM, RADII_KM, Format, SearchCriteria, Sort

MAX_TEXT = 100
SORT_LABELS = {
    Sort.RELEVANCE: "Pertinence",
    Sort.PRICE: "Prix",
    Sort.DISTANCE: "Distance",
    Sort.NEXT_START: "Prochaine session",
}


class CutCharField(forms.CharField):
    """A text of which the beginning is read, whatever its length and its characters."""

    def to_python(self, value):
        return super().to_python((value or "").replace("\0", " ")[: MAX_TEXT + 1])


class SearchForm(forms.Form):
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

    def __init__(self, data):
        super().__init__(data)
        self.full_clean()

    def ignored(self) -> list[str]:
        """Return what to say of the values left aside."""
        sentences = [str(message) for messages in self.errors.values() for message in messages]
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
        return urlencode({n: v for n, v in self.cleaned_data.items() if v and self.data.get(n)})

    def criteria(self) -> SearchCriteria:
        wanted = self._value("format")
        return SearchCriteria(
            words=self._value("quoi") or "",
            format=Format(wanted) if wanted else None,
            place=self.place,
            radius_km=self.radius_km,
            sort=Sort(self._value("tri") or Sort.RELEVANCE),
            page=self._value("page") or 1,
        )

    @property
    def radius_km(self) -> int:
        return self._value("rayon") or DEFAULT_RADIUS_KM

    def _value(self, name):
        return self.cleaned_data.get(name)
