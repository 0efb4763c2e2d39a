"""Whatever reaches a log, no personal data leaves it, and a line stays one line."""

import io
import json
import logging
import random
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.nir import Nir
from cpf_portal.logs import JsonLineFormatter, LineFormatter, NoNirFilter, clean
from cpf_portal.ui.masking import MASK
from cpf_portal.ui.redaction import MASKED_EMAIL, redact

NIR = "2550814168025"


@pytest.fixture(params=[LineFormatter, JsonLineFormatter])
def log(request):
    """A logger with the filter and a formatter of the portal, and what it wrote."""
    return logger_with(request.param())


def logger_with(formatter: logging.Formatter):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(NoNirFilter())
    handler.setFormatter(formatter)
    logger = logging.Logger("essai")
    logger.addHandler(handler)
    return logger, stream


def told_by(stream) -> str:
    """Return what was written without the date before it, whose digits are nobody's."""
    return re.sub(r'^\S+ \S+|"time": "[^"]+"', "", stream.getvalue(), flags=re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        "255081416802538",
        NIR,
        "2 55 08 14 168 025 38",
        "2.55.08.14.168.025-38",
        "185052a00412356",
        "1 85 05 2 A 004 123 56",
        "/?nir=2%2055%2008%2014%20168%20025",
        "/?nir=%2532%2535%2535%2530%2538%2531%2534%2531%2536%2538%2530%2532%2535",
        "２５５０８１４１６８０２５",
        "2\u202f55\u202f08\u202f14\u202f168\u202f025",
        r"2\xa055\xa008\xa014\xa0168\xa0025",
        "2&nbsp;55&nbsp;08&#160;14 168 025",
        "status 200 2 55 08 14 168 025 38 12",
        "06 39 98 00 01",
        "+33639980001",
    ],
)
def test_log_masks_what_looks_like_a_number_of_a_person(log, text):
    logger, stream = log

    logger.warning("reçu %s.", text)

    assert "masqu" in stream.getvalue()
    assert not re.search(r"\d{3}", told_by(stream).replace("0a", ""))


@pytest.mark.parametrize("text", ["zoe.martin@example.org", "zoe%40example.org"])
def test_log_masks_addresses(log, text):
    logger, stream = log

    logger.warning("reçu %s.", text)

    assert "example" not in stream.getvalue()
    assert redact(text) == MASKED_EMAIL


@pytest.mark.parametrize(
    "text",
    [
        "offre 12345678901234567890 en 35 ms, port 8000",
        "le 2026-11-22 13:45:12.123456 en 12 ms",
        "127.0.0.1 port 54321, processus 1234",
    ],
)
def test_log_keeps_ordinary_numbers(log, text):
    logger, stream = log

    logger.info(text)

    assert text in stream.getvalue()


def test_log_masks_exceptions_extras_and_stacks(log):
    logger, stream = log

    quoted = f'clé\nDETAIL:  Failing row contains (7, Zzcanarinom)\nnir="{NIR}"'

    try:
        raise ValueError(quoted)
    except ValueError:
        logger.exception("échec", extra={"nir": int(NIR), "more": {"x": [NIR, (NIR,)]}})
    logger.info({"nir": NIR})
    logger.error("import %s", ValueError(quoted))

    assert NIR not in stream.getvalue()
    assert "Zzcanarinom" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


@pytest.mark.parametrize("text", ["/\nINFO faux\x1b[2J", "a\r\nb\x85c\u2028d\x7f", "\x9b31m"])
def test_log_line_cannot_be_forged(log, text):
    logger, stream = log

    logger.info("chemin %s", text)
    logger.info({text: text})

    assert stream.getvalue().count("\n") == 2
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", stream.getvalue())


def test_traceback_forges_no_line(log):
    logger, stream = log

    logger.error("échec", exc_info=ValueError("a\nINFO faux"))

    _, *others = stream.getvalue().splitlines()
    assert "INFO faux" in stream.getvalue()
    assert all(line.startswith("    | ") for line in others)


def test_json_line_has_its_fields():
    logger, stream = logger_with(JsonLineFormatter())

    logger.error("panne %s", 3, extra={"status": 500, "request": object()})

    line = json.loads(stream.getvalue())
    assert datetime.fromisoformat(line.pop("time")).tzinfo == UTC
    assert line == {
        "level": "ERROR", "logger": "essai", "event": "error", "message": "panne 3",
        "request_id": "", "actor": "", "status": 500,
    }  # fmt: skip


def some_numbers(count: int) -> list[str]:
    """Return numbers with their key, one in ten of Corsica."""
    rng, numbers = random.Random(1), []
    while len(numbers) < count:
        place = (
            rng.choice("AB").join(("2", ""))
            if rng.random() < 0.1
            else f"{rng.randrange(1, 96):02d}"
        )
        digits = f"{rng.choice('12')}{rng.randrange(100):02d}{rng.randrange(1, 13):02d}{place}"
        nir = Nir.parse(digits + f"{rng.randrange(1, 990):03d}{rng.randrange(1, 999):03d}")
        numbers.append(f"{nir.value}{nir.key}")
    return numbers


SEPARATORS = [
    "",
    " ",
    ".",
    "-",
    "_",
    "/",
    "\u00a0",
    "\u202f",
    "\t",
    "\n",
    "%20",
    "+",
    "%C2%A0",
    ", ",
    " - ",
]
SHAPES = [
    lambda nir, sep: nir[:13],
    lambda nir, sep: nir,
    lambda nir, sep: sep.join((nir[0], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:13])),
    lambda nir, sep: sep.join((nir[0], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:13], nir[13:])),
    lambda nir, sep: sep.join(nir[:13]),
    lambda nir, sep: quote(sep.join(nir)),
    lambda nir, sep: "".join(f"%{ord(sign):02x}" for sign in nir[:13]),
    lambda nir, sep: nir[:13].lower().translate({48 + n: 0xFF10 + n for n in range(10)}),
    lambda nir, sep: repr(sep.join((nir[:7], nir[7:13]))),
]  # fmt: skip
FRAMES = [
    "{}",
    "nir={}",
    "/x/{}/y",
    "('{}',)",
    '{{"nir": "{}"}}',
    "12 {} 7",
    "[{}]",
    "id{}fin",
    "{}\n",
]


def test_log_stands_a_flood_of_numbers(log):
    logger, stream = log
    rng = random.Random(2)
    loggers = [logger, *(logging.Logger(name) for name in ("gunicorn.error", "django.request"))]
    for other in loggers[1:]:
        other.addHandler(logger.handlers[0])
    numbers = some_numbers(4000)

    for nir in numbers:
        text = rng.choice(SHAPES)(nir, rng.choice(SEPARATORS))
        framed = rng.choice(FRAMES).format(text)
        chosen = rng.choice(loggers)
        rng.choice(
            [
                lambda c=chosen, t=framed: c.info(t),
                lambda c=chosen, t=framed: c.warning("reçu %s puis %s", t, t),
                lambda c=chosen, t=framed: c.error("reçu", extra={"champ": t}),
                lambda c=chosen, t=framed: c.error("x", exc_info=ValueError(t)),
            ]
        )()

    left = re.sub(r"[^0-9AB]", " ", told_by(stream).upper()).split()
    assert max(map(len, left)) < 6
    joined = re.sub(r"[^0-9A]", "", told_by(stream).upper().replace("B", "A"))
    assert not [nir for nir in numbers if nir[:13].replace("B", "A") in joined]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(some_numbers(50)), st.text(max_size=60))
def test_number_among_any_text_is_masked(before, nir, after):
    text = clean(f"{before} | {nir} | {after}")

    assert nir not in text
    assert MASK in text


def test_no_text_makes_the_filter_slow():
    for text in (
        "%20" * 6000,
        "1 " * 9000,
        "%25" * 6000,
        "1a" * 9000,
        "a" * 20_000 + "@",
        "2 55 " * 4000,
    ):
        begun = datetime.now(UTC)
        clean(text)
        assert (datetime.now(UTC) - begun).total_seconds() < 5
