"""The style sheet keeps its promises: weight, no third party, contrasts in both schemes."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

TEXT, GRAPHIC = 4.5, 3  # WCAG 1.4.3 and 1.4.11


@pytest.fixture(scope="module")
def sheet():
    return Path(finders.find("css/portal.css")).read_text(encoding="utf-8")


@pytest.fixture(params=["light", "dark"])
def colours(request, sheet):
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", block))
        for block in re.findall(r":root \{(.*?)\n\s*\}", sheet, re.S)[:2]
    )
    return light if request.param == "light" else light | dark


def luminance(colour):
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


TEXTS = [
    *((ink, ground) for ink in ("ink", "text", "muted", "violet", "ok", "bad")
      for ground in ("surface", "ground", "tint")),
    *((ink, ground) for ink in ("ink", "text", "violet")
      for ground in ("ok-tint", "bad-tint", "sun-tint")),
    ("ok", "ok-tint"), ("bad", "bad-tint"), ("text", "teal-tint"), ("teal", "teal-tint"),
    ("violet-deep", "tint"), ("on-sun", "sun"), ("on-foot", "foot"), ("on-fill", "fill"),
    ("on-fill", "fill-hover"), ("on-fill", "teal-fill"), ("on-fill", "teal-hover"),
    ("on-fill", "bad-fill"),
]  # fmt: skip
GRAPHICS = [
    ("edge", "surface"), ("edge", "ground"), ("teal", "surface"), ("bad", "surface"),
    ("fill", "surface"), ("teal-fill", "surface"), ("sun-edge", "sun-tint"),
]  # fmt: skip


def test_contrast_agrees_with_known_values():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXTS, TEXT), (GRAPHICS, GRAPHIC)], ids=["texts", "graphics"]
)
def test_colours_contrast_enough(colours, pairs, least):
    weak = {
        pair: ratio
        for pair in pairs
        if (ratio := round(contrast(colours[pair[0]], colours[pair[1]]), 2)) < least
    }

    assert weak == {}


def test_sheet_is_light_and_asks_nobody_else(sheet):
    assert len(gzip.compress(sheet.encode())) < 10_000  # a sixth of what a first page may weigh
    assert not re.search(r"@import|@font-face|https?:|url\(|data:", sheet)


def test_error_sheet_is_light_and_asks_nobody_else():
    sheet = Path(finders.find("css/error.css")).read_text(encoding="utf-8")

    assert len(sheet.encode()) < 3_000
    assert not re.search(r"@import|@font-face|https?:|url\(|data:", sheet)
