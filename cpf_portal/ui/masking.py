"""What looks like a social security number is hidden where a text is kept or shown; addresses are cut."""

import re

# 13 or 15 characters, however they are spaced; better a phone number too many than a NIR in a file.
_GAP = r"(?:%20|[\s._+-])*"
NIR_LIKE = re.compile(
    rf"(?<!\d)[1-478](?:{_GAP}[0-9]){{4}}(?:{_GAP}[0-9AB]){{2}}(?:{_GAP}[0-9]){{6,8}}(?!\d)",
    re.IGNORECASE,
)
MASK = "[numéro masqué]"


def mask_nir(text: str) -> str:
    """Return `text` with MASK in the place of each number that may be a NIR."""
    return NIR_LIKE.sub(MASK, text)


def mask_email(email: str) -> str:
    """Return enough of an address to recognise it: « c•••••@example.org »."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••••@{domain}" if domain else ""
