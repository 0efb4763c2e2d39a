"""Logs without personal data: what looks like a NIR is dropped, a line stays one line."""

import logging

from cpf_portal.ui.masking import mask_nir


class NoNirFilter(logging.Filter):
    """Replace in every record what looks like a social security number."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask_nir(message)
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
        return mask_nir(super().formatException(ei))


CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
