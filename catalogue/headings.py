"""What a page of results is called."""

from catalogue.places import Place
from catalogue.search import Format, SearchCriteria
from cpf_portal.ui.text import fold

FORMATS = {Format.CENTRE: " en centre", Format.DISTANCE: " à distance"}


def counted(total: int) -> str:
    """Return « Aucune formation », « 1 formation », « 489 formations »."""
    if not total:
        return "Aucune formation"
    return "1 formation" if total == 1 else f"{total} formations"


def heading(criteria: SearchCriteria, words: str, total: int) -> str:
    """Return « 489 formations « anglais » à 30 km de Toulouse »; `words` as typed."""
    quoted = f" «\u00a0{words}\u00a0»" if words else ""
    chosen = FORMATS[criteria.format] if criteria.format else ""
    return f"{counted(total)}{quoted}{chosen}{where(criteria)}"


def page_title(criteria: SearchCriteria, words: str, total: int) -> str:
    """Return « Comptabilité : 42 formations, page 2 »."""
    subject = f"{words[:1].upper()}{words[1:]}" or "Rechercher une formation"
    page = f", page {criteria.page}" if criteria.page > 1 else ""
    return f"{subject}\u00a0: {counted(total).lower()}{where(criteria)}{page}"


def where(criteria: SearchCriteria) -> str:
    """Return « à 30 km de Toulouse » or « dans le département Tarn » after a space; "" without a place."""
    place = criteria.place
    if place is None:
        return ""
    if place.code is None:
        return f" dans le département {place.label}"
    return f" à {criteria.radius_km}\u00a0km {of_town(town(place))}"


def town(place: Place) -> str:
    """Return the name alone: « Toulouse » for « Toulouse (31000) »."""
    return place.label.rpartition(" (")[0] or place.label


def of_town(name: str) -> str:
    """Return « de Toulouse », « d’Albi », « du Mans », « des Ulis »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if fold(name)[:1] in {*"aeiou"} else f"de {name}"
