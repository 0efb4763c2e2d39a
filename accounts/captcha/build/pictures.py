"""Render `pictures/*.svg` to the masks that the portal draws with: python -m accounts.captcha.build.pictures

Needs the program rsvg-convert (Debian: librsvg2-bin). The drawings use three tones: #808080 (body),
#000 (dark parts), #fff (light parts). A mask keeps the tone as grey and the outline as alpha,
scaled so that the object fills the same circle whatever its shape: it can then turn uncut.
"""

import io
import math
import subprocess
from pathlib import Path

from PIL import Image

from accounts.captcha.objects import OBJECTS

FOLDER = Path(__file__).resolve().parent.parent
RENDERED = 768
SIZE = 192
RADIUS = 94


def rendered(drawing: Path) -> Image.Image:
    command = ["rsvg-convert", "-w", str(RENDERED), "-h", str(RENDERED), str(drawing)]
    png = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 our own files
    return Image.open(io.BytesIO(png)).convert("LA")


def circle_of(alpha: Image.Image) -> tuple[float, float, float]:
    """Centre of the object's box and distance of its farthest point, in pixels."""
    box = alpha.getbbox()
    if box is None:
        raise ValueError("an empty drawing")
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    opaque = (
        (index % RENDERED, index // RENDERED)
        for index, value in enumerate(alpha.tobytes())
        if value > 127
    )
    return x, y, max(math.hypot(column - x, row - y) for column, row in opaque)


def mask_of(drawing: Path) -> Image.Image:
    picture = rendered(drawing)
    x, y, radius = circle_of(picture.getchannel("A"))
    side = radius * SIZE / RADIUS / 2
    box = (round(x - side), round(y - side), round(x + side), round(y + side))
    return picture.crop(box).resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def main() -> None:
    for slug, _ in OBJECTS:
        mask_of(FOLDER / "pictures" / f"{slug}.svg").save(
            FOLDER / "masks" / f"{slug}.png", optimize=True
        )


if __name__ == "__main__":
    main()
