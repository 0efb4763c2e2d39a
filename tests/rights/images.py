"""Files as people, and those who mean harm, send them."""

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

HTML = b"<html><script>alert(1)</script></html>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112


def jpeg(size=(60, 40), **exif) -> bytes:
    """Return a photograph with the place and the orientation that a telephone writes."""
    image = Image.new("RGB", size, "white")
    data = Image.Exif()
    data[ORIENTATION_TAG] = exif.get("orientation", 1)
    data[GPS_TAG] = {1: "N", 2: (48.0, 51.0, 24.0)}
    return _saved(image, "JPEG", exif=data)


def png(size=(60, 40)) -> bytes:
    text = PngInfo()
    text.add_text("Comment", HTML.decode())
    return _saved(Image.new("RGBA", size, "white"), "PNG", pnginfo=text)


def html_in_png() -> bytes:
    """Return a PNG that shows, and that a careless browser reads as a page."""
    return png() + HTML


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that announces `width` × `height` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _saved(image: Image.Image, kind: str, **options) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()
