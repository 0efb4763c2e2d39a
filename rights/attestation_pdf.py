"""The attestation as a PDF: the same words and figures as its page, which is the accessible version.

The font comes with django-simple-captcha; it has the letters of French and the euro, and a letter of
another script that it has not is written without its accent, or as a question mark.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import captcha
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

FONT = Path(captcha.__file__).parent / "fonts" / "Vera.ttf"
INK, MUTED, VIOLET, LINE = (31, 29, 77), (93, 91, 120), (75, 47, 163), (217, 213, 234)
MARGIN = 20  # millimetres


@dataclass(frozen=True, slots=True)
class Page:
    """What the attestation says, already written in French."""

    title: str
    site: str
    holder: str
    introduction: str
    total: str
    note: str
    amounts: Sequence[tuple[str, str]]
    history_title: str
    history_header: Sequence[str]
    history: Sequence[Sequence[str]]
    code: str
    closing: Sequence[str]
    issued_at: datetime


def write_pdf(page: Page) -> bytes:
    """Return `page` as a PDF of A4 pages: French, titled, dated of its attestation, no script."""
    pdf = _Sheet(page)
    pdf.add_page()
    _write_head(pdf, page)
    _write_pairs(pdf, page.amounts)
    if page.history:
        _write_history(pdf, page)
    _write_closing(pdf, page)
    return bytes(pdf.output())


class _Sheet(FPDF):
    """A4, our font and, at the foot of every page, the code and the number of the page."""

    def __init__(self, page: Page) -> None:
        super().__init__(format="A4")
        self.foot = f"{page.site} – {page.title} – {page.code}"
        self.set_lang("fr-FR")
        self.set_title(page.title)
        self.set_author(page.site)
        self.set_creation_date(page.issued_at)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=25)
        self.add_font("Vera", fname=FONT)

    def footer(self) -> None:
        self.set_y(-15)
        self.write_line(f"{self.foot} – page {self.page_no()}/{{nb}}", size=8, color=MUTED)

    def write_line(self, text: str, *, size: float = 10.5, color=INK, height: float = 1.5) -> None:
        self.set_font("Vera", size=size)
        self.set_text_color(*color)
        step = self.font_size * height
        self.multi_cell(0, step, writable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _write_head(pdf: _Sheet, page: Page) -> None:
    pdf.write_line(page.site, size=11, color=VIOLET)
    pdf.ln(4)
    pdf.write_line(page.title, size=20)
    pdf.ln(2)
    pdf.write_line(page.introduction)
    pdf.ln(2)
    pdf.write_line(page.holder, size=13)
    pdf.ln(4)
    pdf.write_line(page.total, size=30, color=VIOLET)
    pdf.write_line(page.note, color=MUTED)
    pdf.ln(4)


def _write_pairs(pdf: _Sheet, pairs: Sequence[tuple[str, str]]) -> None:
    pdf.set_draw_color(*LINE)
    pdf.set_font("Vera", size=10.5)
    pdf.set_text_color(*INK)
    for label, amount in pairs:
        pdf.cell(125, 8, writable(label), border="B")
        pdf.cell(0, 8, amount, border="B", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(6)


def _write_history(pdf: _Sheet, page: Page) -> None:
    pdf.write_line(page.history_title, size=13)
    pdf.set_font("Vera", size=9)
    pdf.set_text_color(*INK)
    last = len(page.history_header) - 1
    align = ["LEFT", *["RIGHT"] * last]
    with pdf.table(
        text_align=tuple(align),
        line_height=6,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(color=VIOLET),  # the font has no bold
    ) as table:
        for cells in (page.history_header, *page.history):
            row = table.row()
            for cell in cells:
                row.cell(writable(cell))
    pdf.ln(6)


def _write_closing(pdf: _Sheet, page: Page) -> None:
    pdf.write_line(f"Code de vérification\u00a0: {page.code}", size=12, color=VIOLET)
    for line in page.closing:
        pdf.write_line(line, size=9, color=MUTED)


@cache
def _letters() -> frozenset[int]:
    with TTFont(FONT) as font:
        return frozenset(font.getBestCmap())


def writable(text: str) -> str:
    """Return `text` with the letters that the font has: the others lose their accent, or become "?"."""
    return "".join(letter if ord(letter) in _letters() else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    if letter in "\u202f\u2009":
        return "\u00a0"
    if letter in "\u2010\u2011":
        return "-"
    base = unicodedata.normalize("NFKD", letter)[:1]
    if unicodedata.combining(letter):
        return ""
    return base if base and ord(base) in _letters() else "?"
