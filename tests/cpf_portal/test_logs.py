import io
import logging
import random

import pytest

from accounts.nir import Nir
from cpf_portal.logs import LineFormatter, NoNirFilter
from cpf_portal.ui.masking import MASK


@pytest.fixture
def log():
    """A logger with the filter and the formatter of the portal, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(NoNirFilter())
    handler.setFormatter(LineFormatter())
    logger = logging.Logger("essai")
    logger.addHandler(handler)
    return logger, stream


@pytest.mark.parametrize(
    "text",
    [
        "255081416802538",
        "2550814168025",
        "2 55 08 14 168 025 38",
        "2.55.08.14.168.025-38",
        "185052a00412356",
        "/?nir=2%2055%2008%2014%20168%20025",
    ],
)
def test_log_masks_what_looks_like_a_nir(log, text):
    logger, stream = log

    logger.warning("reçu %s.", text)

    assert MASK in stream.getvalue()
    assert "025" not in stream.getvalue().partition("reçu")[2]


def test_log_keeps_ordinary_numbers(log):
    logger, stream = log

    logger.info("offre 12345678901234567890 en 35 ms, port 8000")

    assert "12345678901234567890 en 35 ms, port 8000" in stream.getvalue()


def test_log_masks_the_nir_of_an_exception(log):
    logger, stream = log

    try:
        raise ValueError("2550814168025")
    except ValueError:
        logger.exception("échec")

    assert "2550814168025" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_log_line_cannot_be_forged(log):
    logger, stream = log

    logger.info("chemin %s", "/\nINFO faux\x1b[2J")

    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_log_masks_a_flood_of_numbers(log):
    logger, stream = log
    rng = random.Random(1)
    numbers = []
    while len(numbers) < 500:
        digits = f"{rng.choice('12')}{rng.randrange(100):02d}{rng.randrange(1, 13):02d}"
        digits += (
            f"{rng.randrange(1, 96):02d}{rng.randrange(1, 999):03d}{rng.randrange(1, 999):03d}"
        )
        numbers.append(Nir.parse(digits))

    for nir in numbers:
        logger.info("%s et %s%s", nir.value, nir.value, nir.key)

    assert not [nir for nir in numbers if nir.value in stream.getvalue()]
