"""What the index holds of an offer, and what each field weighs."""

import time
from collections.abc import Iterator
from datetime import date

import tantivy
from tantivy import Document, Schema, SchemaBuilder

from catalogue.models import Modality, Offer
from catalogue.search import analysis, labels, positions, twins
from catalogue.search.facets import FACETS, department_of
from catalogue.search.rows import OfferRow, SessionRow

# Part of every generation: an index written by other code is rebuilt, never misread.
VERSION = 7

# Fields of words, by weight.
WEIGHTS = {
    "title": 5.0,
    "certification": 3.0,
    "jobs": 2.0,
    "skills": 2.0,
    "provider": 1.5,
    "format": 1.0,
    "body": 0.4,
}
# Looked at only for a word that no other field knows (« comptabilité paris »): « bois » is a matter
# of wood before it is Aulnay-sous-Bois.
TOWN = "town"
# What people type for a training without a place; its own texts say one of these, or nothing.
REMOTE_WORDS = "à distance, en ligne, en visioconférence ou visio, elearning"
# Fields whose words are known to spelling: the long texts hold the misspellings of others.
SPELT = ("title", "certification", "jobs", "skills", "provider")

# Whole numbers of an offer: `place` is where it is (positions.py), `full_price` is in cents, `starts` are
# the days (ordinals) of the sessions that can be joined, `twin` and `provider_id` serve to group
# (twins.py), `version` tells two states of one offer apart.
KEYS = (
    "pk",
    "place",
    "price_key",
    "full_price",
    "start_key",
    "starts",
    "twin",
    "provider_id",
    "version",
)

# Sort keys are one number, the value then the offer's own, so that the order is total.
KEY_BITS = 32
PERMANENT = 0  # entries at any time
NO_SESSION = 2**31 - 1


def _offers() -> Schema:
    builder = SchemaBuilder()
    for name in [*WEIGHTS, TOWN]:
        tokenizer = "body" if name == "body" else "french"
        # positions serve phrases, which are looked for in the titles only
        option = "position" if name == "title" else "freq"
        builder.add_text_field(name, tokenizer_name=tokenizer, index_option=option)
    for name in ("code", "modality", "department"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in [*KEYS, *(facet.column for facet in FACETS)]:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


def _words() -> Schema:
    """One document a word: folded, as written, and in how many offers it was when it came in."""
    builder = SchemaBuilder()
    builder.add_text_field("word", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("label", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_unsigned_field("frequency", fast=True)
    return builder.build()


OFFERS = _offers()
WORDS = _words()


def register_analyzers(index: tantivy.Index) -> None:
    index.register_tokenizer("french", analysis.analyzer())
    index.register_tokenizer("body", analysis.body_analyzer())
    index.register_tokenizer("labels", analysis.labels_analyzer())


def texts(offer: OfferRow) -> dict[str, str]:
    """Return the words of an offer by field."""
    certification = offer.certification
    is_remote = offer.modality == Modality.REMOTE
    held = {
        "title": offer.title,
        "skills": offer.skills,
        "provider": offer.provider.name,
        "certification": f"{certification.title} {certification.code}" if certification else "",
        "jobs": certification.jobs if certification else "",
        "format": REMOTE_WORDS if is_remote else "",
        TOWN: offer.commune.name if offer.commune and not is_remote else "",
    }
    return {name: analysis.normalized(text) for name, text in held.items()} | {"body": body(offer)}


def body(offer: OfferRow) -> str:
    texts = [offer.highlights, offer.objectives, offer.content, offer.results]
    return analysis.composed("\n".join(texts))


def codes(offer: OfferRow) -> set[str]:
    """Return what finds the offer exactly: its certification, its jobs, its provider, itself."""
    found = {offer.public_id.lower(), offer.provider.siret, *offer.rome_codes.lower().split()}
    if offer.certification:
        code = offer.certification.code.lower()
        found |= {code, code.lstrip("abcdefghijklmnopqrstuvwxyz")}
        found |= labels.job_codes(offer.certification.jobs)
        found |= {*offer.certification.rome_codes.lower().split()}
    return found - {""}


def sort_key(value: int, pk: int) -> int:
    return value << KEY_BITS | pk


def full_price_cents(offer: Offer | OfferRow) -> int:
    """Return what surely pays for it: an offer that stands for several is paid when the dearest is."""
    return max(offer.price_cents, offer.price_max_cents or 0)


def next_start(upcoming: list[SessionRow]) -> int:
    """Return the day (ordinal) of the nearest session that can still be joined."""
    if not upcoming:
        return NO_SESSION
    start = None if upcoming[0].is_permanent else upcoming[0].starts_on
    return start.toordinal() if start else PERMANENT


def document(offer: OfferRow, held: dict[str, str], today: date) -> Document:
    """Return the document of an offer; `held` are its `texts`."""
    made = Document()
    for name, text in held.items():
        made.add_text(name, text)
    for code in codes(offer):
        made.add_text("code", code)
    made.add_text("modality", offer.modality)
    if department := department_of(offer):
        made.add_text("department", department)
    if (place := positions.place_number(offer)) is not None:
        made.add_unsigned("place", place)
    for name, number in numbers(offer, today):
        made.add_unsigned(name, number)
    return made


def numbers(offer: OfferRow, today: date) -> Iterator[tuple[str, int]]:
    """Yield what the index counts, sorts and groups by."""
    upcoming = offer.upcoming_sessions(today)
    yield "pk", offer.pk
    yield "price_key", sort_key(offer.price_cents, offer.pk)
    yield "full_price", full_price_cents(offer)
    yield "start_key", sort_key(next_start(upcoming), offer.pk)
    yield "twin", twins.number(offer)
    yield "provider_id", offer.provider_id
    yield "version", time.time_ns()
    for session in upcoming:
        if session.starts_on and not session.is_permanent:
            yield "starts", session.starts_on.toordinal()
    for facet in FACETS:
        if (number := facet.number_of(offer)) is not None:
            yield facet.column, number
