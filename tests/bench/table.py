"""The rows of a report: what was measured, what must be reached, and whether it is."""

import sys
from dataclasses import dataclass, field


@dataclass
class Table:
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def at_most(self, name: str, value: float, target: float, unit: str = "") -> None:
        self._add(name, value, f"≤ {_written(target)}{unit}", unit, is_reached=value <= target)

    def at_least(self, name: str, value: float, target: float, unit: str = "") -> None:
        self._add(name, value, f"≥ {_written(target)}{unit}", unit, is_reached=value >= target)

    def _add(self, name: str, value: float, target: str, unit: str, *, is_reached: bool) -> None:
        row = name, f"{_written(value)}{unit}", target, "oui" if is_reached else "NON"
        self.rows.append(row)
        say(f"  → {name} : {row[1]} ({target}) {row[3]}")

    def show(self) -> None:
        say(f"\n{'mesure':<58}{'valeur':>12}{'but':>12}  atteint")
        for name, value, target, reached in self.rows:
            say(f"{name:<58}{value:>12}{target:>12}  {reached}")


def _written(value: float) -> str:
    digits = 0 if value == int(value) or value >= 100 else 3 if value < 1 else 2
    return f"{value:.{digits}f}".replace(".", ",")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
