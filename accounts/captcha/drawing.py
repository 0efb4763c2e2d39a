"""Draw one object as a PNG that never has the same bytes twice."""

import colorsys
import io
import math
import secrets
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageOps

from accounts.captcha.objects import OBJECTS

MASKS = Path(__file__).resolve().parent / "masks"
SIZE = 96
MASK_SIZE = 192
MAX_ANGLE = 25
COLOURS = 32
# WCAG 1.4.11: the object stands out from its ground for those who see few colours or little contrast.
MIN_CONTRAST = 4.5

random = secrets.SystemRandom()

Colour = tuple[int, int, int]


def picture_png(number: int) -> bytes:
    """Return a new PNG of SIZE x SIZE pixels that shows the object `number` of OBJECTS.

    Angle (within 25 degrees), slant, size, place, tints, ground and noise are drawn anew each time.
    """
    ground, tones = tints()
    picture = Image.new("RGB", (SIZE, SIZE), ground)
    scribble(picture, ground, count=5)
    shape = turned(mask_of(number)).reduce(MASK_SIZE // SIZE)
    dark, body, light = tones
    object_ = ImageOps.colorize(shape.getchannel("L"), black=dark, mid=body, white=light)
    picture.paste(object_, (0, 0), shape.getchannel("A"))
    return encoded(grained(picture))


@lru_cache(maxsize=len(OBJECTS))
def mask_of(number: int) -> Image.Image:
    mask = Image.open(MASKS / f"{OBJECTS[number][0]}.png")
    mask.load()
    return mask


def turned(mask: Image.Image) -> Image.Image:
    """Turn, slant, shrink and move the mask in one resampling, around its centre."""
    angle = math.radians(random.uniform(-MAX_ANGLE, MAX_ANGLE))
    slant = random.uniform(-0.1, 0.1)
    wide, high = (1 / random.uniform(0.78, 0.88) for _ in range(2))
    cosine, sine = math.cos(angle), math.sin(angle)
    # Pillow asks for the inverse: from a point of the result to the point of the mask.
    a, b = wide * (cosine - slant * sine), wide * (sine + slant * cosine)
    d, e = -high * sine, high * cosine
    middle = MASK_SIZE / 2
    x, y = (middle + random.uniform(-6, 6) for _ in range(2))
    matrix = (a, b, middle - a * x - b * y, d, e, middle - d * x - e * y)
    return mask.transform(mask.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def tints() -> tuple[Colour, tuple[Colour, Colour, Colour]]:
    """Return the ground and the three tones (dark, body, light) of an object."""
    ground = rgb(random.random(), random.uniform(0.86, 0.94), random.uniform(0.25, 0.6))
    hue, lightness, depth = random.random(), random.uniform(0.34, 0.46), random.uniform(0.4, 0.8)
    body = rgb(hue, lightness, depth)
    while contrast(body, ground) < MIN_CONTRAST:
        lightness *= 0.92
        body = rgb(hue, lightness, depth)
    dark = rgb(hue + random.uniform(-0.1, 0.1), random.uniform(0.06, 0.12), 0.5)
    light = rgb(hue + random.uniform(-0.3, 0.3), random.uniform(0.93, 0.98), 0.7)
    return ground, (dark, body, light)


def rgb(hue: float, lightness: float, depth: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, lightness, depth)
    return round(red * 255), round(green * 255), round(blue * 255)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    parts = (value / 255 for value in colour)
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def scribble(picture: Image.Image, ground: Colour, *, count: int) -> None:
    """Draw pale curves behind the object, so that its outline is not the only edge."""
    pen = ImageDraw.Draw(picture)
    for _ in range(count):
        x, y = (random.randrange(-SIZE // 2, SIZE) for _ in range(2))
        box = (x, y, x + random.randrange(20, SIZE), y + random.randrange(20, SIZE))
        start = random.randrange(360)
        shade = tuple(max(value - random.randrange(14, 34), 0) for value in ground)
        pen.arc(box, start, start + random.randrange(60, 300), shade, random.randrange(2, 7))


def grained(picture: Image.Image) -> Image.Image:
    """Move each pixel of each channel by -12 to +12."""
    noise = Image.frombytes("RGB", picture.size, secrets.token_bytes(SIZE * SIZE * 3))
    return ImageChops.add(picture, noise.point(NOISE_TABLE), offset=-12)


NOISE_TABLE = [value * 25 // 256 for value in range(256)] * 3


def encoded(picture: Image.Image) -> bytes:
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", bits=5, compress_level=6)
    return file.getvalue()
