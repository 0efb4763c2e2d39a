"""Logs without personal data: what looks like a NIR is dropped, a line stays one line."""

import logging
import re

# 13 or 15 characters, however they are spaced; better a phone number too many than a NIR in a file.
_GAP = r"(?:%20|[\s._+-])*"
NIR_LIKE = re.compile(
    rf"(?<!\d)[1-478](?:{_GAP}[0-9]){{4}}(?:{_GAP}[0-9AB]){{2}}(?:{_GAP}[0-9]){{6,8}}(?!\d)",
    re.IGNORECASE,
)
MASK = "[numéro masqué]"


class NoNirFilter(logging.Filter):
    """Replace in every record what looks like a social security number."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = NIR_LIKE.sub(MASK, message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True


class LineFormatter(logging.Formatter):
    """`date level logger message`; control characters are escaped, so nobody forges a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(CONTROL)

    def formatException(self, ei) -> str:
        return NIR_LIKE.sub(MASK, super().formatException(ei))


CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
