"""Which commune an address of a file is in."""

import re
from collections import defaultdict
from math import cos, hypot, radians

from catalogue.models import Commune
from catalogue.places.text import clean as clean_name

KM_A_DEGREE = 111.2
MAX_KM = 15.0
CELLS = 10  # of a tenth of a degree
KEPT_PLACES = 10_000


class Communes:
    """All the communes, looked up by code, by postcode and name, by name, by position; in memory."""

    def __init__(self) -> None:
        self._department: dict[str, str] = {}
        self._at_postcode: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._named: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._cells: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
        self._found: dict[tuple, str | None] = {}
        cities = set(Commune.objects.exclude(parent=None).values_list("parent_id", flat=True))
        rows = Commune.objects.order_by("-population", "code").values_list(
            "code", "name_folded", "postcodes", "department", "latitude", "longitude"
        )
        for code, name, postcodes, department, latitude, longitude in rows.iterator():
            self._department[code] = department
            self._named[department, name].append(code)
            if code in cities:
                continue  # its arrondissements have its postcodes
            for postcode in postcodes.split():
                self._at_postcode[postcode].append((name, code))
            cell = int(latitude * CELLS), int(longitude * CELLS)
            self._cells[cell].append((latitude, longitude, code))

    def department(self, code: str | None) -> str:
        """Return the département of a commune, an empty text without one."""
        return self._department.get(code, "") if code else ""

    def find(
        self,
        *,
        insee: str = "",
        postcode: str = "",
        town: str = "",
        latitude: float | None = None,
        longitude: float | None = None,
    ) -> str | None:
        """Return the INSEE code of the commune: its code, else postcode and name, else position."""
        if code := self._by_code(insee):
            return code
        key = (postcode, town, latitude, longitude)
        if key not in self._found:
            if len(self._found) >= KEPT_PLACES:
                self._found.clear()
            self._found[key] = self._by_name(postcode.strip(), town) or self._nearest(
                latitude, longitude
            )
        return self._found[key]

    def _by_code(self, insee: str) -> str | None:
        insee = insee.strip().upper()
        return insee if insee in self._department else None

    def _by_name(self, postcode: str, town: str) -> str | None:
        name = re.sub(r"\b\d+(?:er|e|eme)?\b.*", "", clean_name(town)).strip()
        there = self._at_postcode.get(postcode, [])
        for candidate, code in there:
            if candidate == name or (candidate.startswith(f"{name} ") and name):
                return code
        if len(there) == 1:
            return there[0][1]
        for department in _departments(postcode):  # a CEDEX has a postcode of its own
            if codes := self._named.get((department, name)):
                return codes[0]
        return there[0][1] if there and not name else None

    def _nearest(self, latitude: float | None, longitude: float | None) -> str | None:
        if latitude is None or longitude is None or not (latitude or longitude):
            return None
        row, column = int(latitude * CELLS), int(longitude * CELLS)
        around = [
            (hypot(lat - latitude, (lon - longitude) * cos(radians(latitude))), code)
            for i in (row - 1, row, row + 1)
            for j in (column - 1, column, column + 1)
            for lat, lon, code in self._cells.get((i, j), ())
        ]
        distance, code = min(around, default=(MAX_KM, None))
        return code if distance * KM_A_DEGREE < MAX_KM else None


def _departments(postcode: str) -> tuple[str, ...]:
    if postcode.startswith("20"):
        return ("2A", "2B")
    return (postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2],)
