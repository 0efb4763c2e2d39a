"""What every answer of every task cost: the median and the worst, and the verdict.

A page is what is shown: MOST_QUERIES is its bound. A write that sends on to a page (an erasure
goes through every table) has the statements that it needs; its time is bounded as that of a page, and
those above MOST_QUERIES are told.
"""

import os
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass, field

MOST_QUERIES, MOST_MS = 12, 300


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the server. Times are milliseconds; `milliseconds` leaves out what a busy machine
    makes the server and its database wait, `waited` and `browser` do not."""

    task: str
    page: str
    status: int
    queries: int
    milliseconds: float
    waited: float
    browser: float | None
    streamed: float = 0.0

    @property
    def is_page(self) -> bool:
        return self.status < 300


@dataclass
class Report:
    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=lambda: defaultdict(list))

    def add(self, answer: Answer) -> None:
        if answer.status >= 400:
            raise RuntimeError(f"{answer.task} : {answer.page} répond {answer.status}")
        self.answers[answer.task, answer.page].append(answer)

    def show(self) -> int:
        """Print the table and the verdict; return 1 when a page is above MOST_QUERIES."""
        self.say(
            f"{'tâche':46}{'page':52}{'fois':>5}{'requêtes':>9}{'serveur':>9}{'pire':>6}"
            f"{'attente':>9}{'navigateur':>11}"
        )
        for (task, page), answers in self.answers.items():
            self.say(_line(task, page, answers))
        lines = list(self.answers.values())
        dear = [line for line in lines if _queries(line) > MOST_QUERIES]
        pages = [_name(line) for line in dear if any(answer.is_page for answer in line)]
        writes = [f"{_name(line)} {_queries(line)}" for line in dear if not line[0].is_page]
        slow = [_name(line) for line in lines if _median(line, "milliseconds") > MOST_MS]
        count = sum(map(len, lines))
        self.say(f"{count} réponses, charge {os.getloadavg()[0]:.1f} sur {os.cpu_count()} cœurs")
        self.say(f"pages au-dessus de {MOST_QUERIES} requêtes : {', '.join(pages) or 'aucune'}")
        self.say(f"écritures au-dessus de {MOST_QUERIES} : {', '.join(writes) or 'aucune'}")
        self.say(f"au-dessus de {MOST_MS} ms (médiane) : {', '.join(slow) or 'aucune'}")
        return 1 if pages else 0

    def say(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _line(task: str, page: str, answers: list[Answer]) -> str:
    is_above = _queries(answers) > MOST_QUERIES or _median(answers, "milliseconds") > MOST_MS
    streamed = max(answer.streamed for answer in answers)
    file = f"  fichier entier {streamed:.0f} ms" if streamed else ""
    seen = _median(answers, "browser")
    return (
        f"{task[:45]:46}{page[:51]:52}{len(answers):5}{_queries(answers):9}"
        f"{_median(answers, 'milliseconds'):9.0f}{max(a.milliseconds for a in answers):6.0f}"
        f"{_median(answers, 'waited'):9.0f}{'' if seen is None else format(seen, '.0f'):>11}"
        f"{' !' if is_above else ''}{file}"
    )


def _name(answers: list[Answer]) -> str:
    return f"{answers[0].task} ({answers[0].page})"


def _queries(answers: list[Answer]) -> int:
    return max(answer.queries for answer in answers)


def _median(answers: list[Answer], name: str) -> float | None:
    values = [value for answer in answers if (value := getattr(answer, name)) is not None]
    return statistics.median(values) if values else None
