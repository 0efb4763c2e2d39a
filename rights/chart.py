"""The yearly balances as bars: figures for an SVG that the template draws without script nor style."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpf_portal.ui.formats import euros

WIDTH = 360
ROW, BAR = 30, 16
LABEL_WIDTH, GAP, AMOUNT_WIDTH = 44, 6, 78
DIGIT_WIDTH = 9  # of the largest text, on telephones


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: a bar of `width` units, of which the last `dif_width` are the DIF."""

    year: int
    cents: int
    dif_cents: int
    y: int
    width: int
    dif_width: int

    @property
    def text_y(self) -> int:
        return self.y + BAR - 3

    @property
    def dif_x(self) -> int:
        return LABEL_WIDTH + self.width - self.dif_width

    @property
    def amount_x(self) -> int:
        return LABEL_WIDTH + self.width + GAP


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars, which stay readable on a telephone."""

    bars: list[Bar]
    width: int = WIDTH
    x: int = LABEL_WIDTH
    bar_height: int = BAR

    @property
    def height(self) -> int:
        return len(self.bars) * ROW

    @property
    def has_dif(self) -> bool:
        return any(bar.dif_cents for bar in self.bars)


def draw_balances(years: Sequence[tuple[int, int, int]]) -> Chart:
    """Return the chart of `years`: (year, balance in cents, its DIF part in cents), in their order."""
    highest = max((cents for _, cents, _ in years), default=0) or 1
    full = WIDTH - LABEL_WIDTH - GAP - max(AMOUNT_WIDTH, DIGIT_WIDTH * len(euros(highest)))
    bars = [
        Bar(
            year=year,
            cents=cents,
            dif_cents=dif,
            y=row * ROW + (ROW - BAR) // 2,
            width=cents * full // highest,
            dif_width=dif * full // highest,
        )
        for row, (year, cents, dif) in enumerate(years)
    ]
    return Chart(bars)
