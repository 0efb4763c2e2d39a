"""What the rights of one person should be, written from reference/domain.md 2 alone, in cents."""

from dataclasses import dataclass, field
from datetime import date


class Refused(Exception):
    pass


@dataclass
class Person:
    cpf: int = 0
    dif: int = 0
    hours: int = 0
    tops: list[dict] = field(default_factory=list)  # cents, before (the CPF), last day, kept for
    held: dict[str, list[tuple[object, int]]] = field(default_factory=dict)
    credited: dict[tuple[int, str], str] = field(default_factory=dict)  # the status
    is_low = is_boeth = is_retired = has_declared_dif = False
    dif_to_take_back: int = 0

    def room(self, cap: int) -> int:
        held = sum(c for parts in self.held.values() for at, c in parts if at in ("cpf", "dif"))
        return max(0, cap - self.cpf - self.dif - held)

    def year(self, year: int, status: str, share: int) -> None:  # share in hundredths of a percent
        part = 100_00 if status == "salarie" and share >= 50_00 else share
        amount, cap = -(-500_00 * part // 100_00), 5_000_00
        if status == "salarie" and (self.is_low or self.is_boeth):
            low = -(-800_00 * part // 100_00) if self.is_low else 0
            amount, cap = max(low, amount + 300_00 * self.is_boeth), 8_000_00
        if status == "esat":
            amount, cap = 800_00, 8_000_00
        gains = {"hours": min(25, 150 - self.hours)} if status == "agent_public" else {}
        for kind, gain in (gains or {"cpf": min(amount, self.room(cap))}).items():
            if gain > 0 and not self.is_retired and (year, kind) not in self.credited:
                self.credited[year, kind] = status
                setattr(self, kind, getattr(self, kind) + gain)

    def convert(self, hours: int) -> None:
        was = [status for (_, kind), status in self.credited.items() if kind == "cpf"][-1:]
        cap = 8_000_00 if self.is_low or was == ["esat"] else 5_000_00
        if self.is_retired or hours > self.hours or hours * 15_00 > self.room(cap):
            raise Refused
        self.hours, self.cpf = self.hours - hours, self.cpf + hours * 15_00

    def add(self, at: object, cents: int) -> None:
        if at not in ("cpf", "dif"):
            self.tops[at]["cents"] += cents
        elif getattr(self, at) + cents < 0:
            raise Refused
        else:
            setattr(self, at, getattr(self, at) + cents)

    def usable(self, today: date, training: str) -> list[tuple[object, int]]:
        rank = {"dif": (0,), "cpf": (2,)}
        for n, top in enumerate(self.tops):
            if top["last"] >= today and top["kept"] in ("", training):
                rank[n] = (1 if top["before"] else 3, not top["kept"], top["last"], n)
        cents = {"dif": self.dif, "cpf": self.cpf}
        cents |= {n: top["cents"] for n, top in enumerate(self.tops)}
        return [(at, cents[at]) for at in sorted(rank, key=rank.get) if cents[at]]

    def reserve(self, reference: str, cents: int, today: date, training: str) -> None:
        parts, missing = [], cents
        for at, available in self.usable(today, training):
            parts.append((at, min(missing, available)))
            missing -= min(missing, available)
        if missing or self.is_retired:
            raise Refused
        self.held[reference] = parts
        for at, part in parts:
            self.add(at, -part)

    def resolve(self, reference: str, spent: int) -> None:
        for at, part in self.held.pop(reference):
            paid, spent = min(spent, part), spent - min(spent, part)
            self.add(at, part - paid)
        taken = min(self.dif, self.dif_to_take_back)
        self.dif, self.dif_to_take_back = self.dif - taken, self.dif_to_take_back - taken
