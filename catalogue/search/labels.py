"""What is proposed while somebody types: trainings, certifications, jobs and skills of the catalogue.

A label is also what a search reads again: « Comptable (métier) » and « Anglais (RS5550) » are searched
by their code, whether they were chosen in the list or typed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import tantivy
from tantivy import Document, Occur, Query, Schema, SchemaBuilder

from catalogue.search import analysis
from catalogue.search.rows import CertificationRow
from cpf_portal.ui.text import fold

MOST = 10
READ = 40  # of each kind, before those that begin with the text come first
MAX_WORDS = 8
LONGEST_LABEL = 120
CACHED = 4096  # many offers share a certification, hence its jobs
JOB = " (métier)"
_CODED = re.compile(r"\(((?:RNCP|RS|CPF)\d{1,6}|[A-N]\d{4})\)\s*$", re.IGNORECASE)


class Kind(IntEnum):
    """In the order of the list."""

    TRAINING = 0
    CERTIFICATION = 1
    JOB = 2
    SKILL = 3


class Label(NamedTuple):
    kind: Kind
    text: str


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="labels")
    builder.add_text_field("text", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_unsigned_field("kind", indexed=True)
    builder.add_unsigned_field("frequency", fast=True)
    return builder.build()


LABELS = _schema()


def of_title(title: str) -> list[Label]:
    return [Label(Kind.TRAINING, " ".join(title.split()))]


def of_skills(skills: str) -> list[Label]:
    return [Label(Kind.SKILL, skill) for skill in listed(skills)]


def of_certification(certification: CertificationRow) -> list[Label]:
    """Return the label of a certification, and those of the jobs that it leads to."""
    title, code = certification.title, certification.code
    # a certification has no title until the registers' file names it
    text = f"{title[:LONGEST_LABEL]} ({code})" if title else code
    jobs = (Label(Kind.JOB, job + JOB) for job in listed(certification.jobs))
    return [Label(Kind.CERTIFICATION, text), *jobs]


@lru_cache(CACHED)
def listed(text: str) -> tuple[str, ...]:
    """Return the items of a list written with commas or lines, each with a capital."""
    items = (item.strip() for item in re.split(r"[,;\n]", text))
    short = (item for item in items if item and len(item) <= LONGEST_LABEL)
    return tuple(item[:1].upper() + item[1:] for item in short)


@lru_cache(CACHED)
def job_codes(jobs: str) -> frozenset[str]:
    """Return the codes of a list of jobs."""
    return frozenset(job_code(job) for job in listed(jobs))


def job_code(job: str) -> str:
    """Return what an offer that leads to this job is found by."""
    return f"metier:{fold(job)}"


def code_in(text: str) -> str | None:
    """Return the code of a label; None for a text that is not one."""
    if found := _CODED.search(text):
        return found[1].lower()
    job = text.strip().removesuffix(JOB.strip())
    return job_code(job) if job != text.strip() else None


def add(writer: tantivy.IndexWriter, counts: Counter[Label]) -> None:
    """Write labels, those that only differ by case or accents once, as they are written most."""
    written: set[tuple[Kind, str]] = set()
    for label, frequency in sorted(counts.items(), key=lambda item: (-item[1], item[0].text)):
        key = label.kind, fold(label.text)
        if key in written or not key[1]:
            continue
        written.add(key)
        made = Document()
        made.add_text("words", label.text)
        made.add_text("text", label.text)
        made.add_unsigned("kind", label.kind)
        made.add_unsigned("frequency", frequency)
        writer.add_document(made)


def unknown(searcher: tantivy.Searcher, labels: Iterable[Label]) -> list[Label]:
    return [label for label in labels if not searcher.doc_freq("text", label.text)]


def suggest(
    searcher: tantivy.Searcher, typed: str, is_proposed: Callable[[Label], bool] = lambda _: True
) -> list[Label]:
    """Return at most MOST labels that hold words beginning as those typed, kind after kind."""
    typed = typed[:LONGEST_LABEL].encode(errors="replace").decode()
    words = analysis.label_words(typed)[:MAX_WORDS]
    if not words:
        return []
    beginnings = [
        Query.fuzzy_term_query(LABELS, "words", w, distance=0, prefix=True) for w in words
    ]
    found = {
        kind: [
            text
            for text in _of_kind(searcher, kind, beginnings, fold(typed))
            if is_proposed(Label(kind, text))
        ][:MOST]
        for kind in Kind
    }
    shares = _shares({kind: len(texts) for kind, texts in found.items()})
    return [Label(kind, text) for kind in Kind for text in found[kind][: shares[kind]]]


def _of_kind(
    searcher: tantivy.Searcher, kind: Kind, beginnings: list[Query], typed: str
) -> list[str]:
    is_kind = Query.term_query(LABELS, "kind", int(kind), "basic")
    query = Query.boolean_query([(Occur.Must, part) for part in [is_kind, *beginnings]])
    hits = searcher.search(query, READ, order_by_field="frequency").hits
    texts = [searcher.doc(address)["text"][0] for _frequency, address in hits]
    return sorted(texts, key=lambda text: not fold(text).startswith(typed))


def _shares(found: dict[Kind, int]) -> dict[Kind, int]:
    """Share the places of the list among the kinds, one each in turn."""
    shares = dict.fromkeys(Kind, 0)
    while sum(shares.values()) < MOST and shares != found:
        for kind in Kind:
            if shares[kind] < found[kind] and sum(shares.values()) < MOST:
                shares[kind] += 1
    return shares
