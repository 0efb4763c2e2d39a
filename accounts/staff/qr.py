"""A QR code drawn here: the secret that it shows goes to nobody else."""

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4  # modules around the code, as the standard asks


def qr_code(text: str) -> SafeString:
    """Return `text` as an SVG element to stand in a page: attributes only, no style."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=5, border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 segno writes numbers only, not the text
