import io
import re
import time
from itertools import combinations
from pathlib import Path
from statistics import correlation

import pytest
from PIL import Image

from accounts.captcha import drawing
from accounts.captcha.drawing import MASKS, MIN_CONTRAST, contrast, picture_png, tints
from accounts.captcha.objects import OBJECTS

NUMBERS = range(len(OBJECTS))
SOURCES = Path(drawing.__file__).parent / "pictures"


def test_objects_have_each_a_source_a_mask_and_a_name_of_their_own():
    slugs = [slug for slug, _ in OBJECTS]

    assert len(OBJECTS) >= 20
    assert len({name for _, name in OBJECTS}) == len(OBJECTS)
    assert sorted(path.stem for path in SOURCES.glob("*.svg")) == sorted(slugs)
    assert sorted(path.stem for path in MASKS.glob("*.png")) == sorted(slugs)


@pytest.mark.parametrize("slug", [slug for slug, _ in OBJECTS])
def test_source_is_a_plain_drawing(slug):
    source = (SOURCES / f"{slug}.svg").read_text()

    assert set(re.findall(r"<(\w+)", source)) <= {"svg", "path", "g", "circle", "ellipse", "rect"}
    assert set(re.findall(r"#\w+", source)) <= {"#808080", "#fff", "#000"}


@pytest.mark.parametrize("number", NUMBERS)
def test_picture_is_a_small_png_of_96_pixels(number):
    png = picture_png(number)

    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("PNG", (96, 96))
    assert len(png) < 8000


@pytest.mark.parametrize("number", NUMBERS)
def test_picture_never_has_the_same_bytes_twice(number):
    pictures = {picture_png(number) for _ in range(5)}

    assert len(pictures) == 5


def test_objects_are_not_alike():
    shapes = [mask_shape(number) for number in NUMBERS]

    for one, other in combinations(NUMBERS, 2):
        likeness = correlation(shapes[one], shapes[other])
        assert likeness < 0.8, (OBJECTS[one], OBJECTS[other])


def test_picture_shows_its_object(monkeypatch):
    """Some drawings that are not turned, averaged, look like their object more than any other."""
    monkeypatch.setattr(drawing, "turned", lambda mask: mask)
    shapes = [mask_shape(number) for number in NUMBERS]

    for number in NUMBERS:
        seen = mean_shape(number)
        assert max(NUMBERS, key=lambda other: correlation(seen, shapes[other])) == number


def mask_shape(number: int) -> tuple[float, ...]:
    mask = drawing.mask_of(number)
    shape = Image.new("L", mask.size, 255)
    shape.paste(mask.getchannel("L"), mask=mask.getchannel("A"))
    return tuple(shape.resize((24, 24)).tobytes())


def mean_shape(number: int) -> tuple[float, ...]:
    """Mean lightness of four drawings, in 24 x 24 cells."""
    drawings = [Image.open(io.BytesIO(picture_png(number))) for _ in range(4)]
    cells = [image.convert("L").resize((24, 24)).tobytes() for image in drawings]
    return tuple(sum(column) / len(column) for column in zip(*cells, strict=True))


def test_object_stands_out_from_its_ground():
    for _ in range(300):
        ground, (dark, body, light) = tints()

        assert contrast(body, ground) >= MIN_CONTRAST
        assert contrast(dark, ground) >= contrast(body, ground)
        assert contrast(light, body) >= 3


def test_contrast_follows_wcag():
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_mask_turned_stays_within_its_frame():
    """No object is cut: nothing opaque touches the edge, whatever the angle and the size."""
    for number in NUMBERS:
        for _ in range(10):
            left, top, right, bottom = drawing.turned(drawing.mask_of(number)).getbbox()
            assert min(left, top) > 0
            assert max(right, bottom) < drawing.MASK_SIZE


@pytest.mark.slow
def test_picture_is_drawn_in_a_few_milliseconds():
    picture_png(0)
    times = []
    for number in NUMBERS:
        start = time.process_time()
        picture_png(number)
        times.append(time.process_time() - start)

    assert sorted(times)[len(times) // 2] < 0.005
