"""Proofs that a person sends: recognised by their content, made harmless.

Images are drawn again, without what the telephone wrote about the place; name and announced type are
never looked at.
"""

import io
from dataclasses import dataclass, field
from threading import Lock
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 4000  # pixels: a page of A4 at 340 dpi
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

# What makes a PDF act or carry something else than pages.
_ACTIVE_PDF = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_decoding = Lock()  # one large image at a time in a process: 40 megapixels weigh 160 MB


class ProofRefused(ValueError):
    """The file cannot be a proof; the message is a French sentence that says what to send."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that may be kept."""

    content: bytes = field(repr=False)
    media_type: str


def read_proof(file: BinaryIO) -> Proof:
    """Return the proof held by `file`: a PDF as it is, an image drawn again without metadata.

    Name and announced type are not looked at. Raises ProofRefused: empty, above MAX_BYTES, above
    MAX_PIXELS, damaged, active PDF, or neither a PDF nor a JPEG nor a PNG.
    """
    content = file.read(MAX_BYTES + 1)
    if not content:
        raise ProofRefused("Ce fichier est vide\u00a0: choisissez-en un autre.")
    if len(content) > MAX_BYTES:
        raise ProofRefused("Choisissez un fichier de 5\u00a0Mo au plus.")
    if content.startswith(b"%PDF-"):
        return _read_pdf(content)
    return _read_image(content)


def _read_pdf(content: bytes) -> Proof:
    if b"%%EOF" not in content[-2048:]:
        raise ProofRefused("Ce PDF est incomplet\u00a0: enregistrez-le de nouveau.")
    if any(word in content for word in _ACTIVE_PDF):
        raise ProofRefused(
            "Ce PDF contient un programme ou une pièce jointe\u00a0: imprimez-le dans un nouveau PDF."
        )
    return Proof(content, PDF)


def _read_image(content: bytes) -> Proof:
    try:
        with _decoding, Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ProofRefused(_TOO_LARGE)
            return _draw_again(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ProofRefused(_TOO_LARGE) from None
    except UnidentifiedImageError:
        raise ProofRefused("Choisissez un fichier PDF, JPEG ou PNG.") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        if isinstance(error, ProofRefused):
            raise
        raise ProofRefused(
            "Cette image est abîmée\u00a0: photographiez ou numérisez de nouveau le document."
        ) from None


_TOO_LARGE = (
    "Cette image est trop grande\u00a0: choisissez-en une de 40 millions de pixels au plus."
)


def _draw_again(image: Image.Image) -> Proof:
    """Keep the pixels, turned as the camera held them, and nothing else of the file."""
    media_type = PNG if image.format == "PNG" else JPEG
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # JPEG: decoded at the size that is kept
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    bare = upright.convert("RGB")
    bare.info = {}
    output = io.BytesIO()
    bare.save(output, format="PNG" if media_type == PNG else "JPEG", quality=88)
    return Proof(output.getvalue(), media_type)
