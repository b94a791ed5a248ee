"""What was seen in one run, as a table for people and keys for programs."""

import math
from datetime import datetime

from msgspec import Struct

WORDS = 46


class Figure(Struct, frozen=True):
    """One thing that was measured, and between what it has to be; without bounds it only says how much."""

    name: str
    value: float
    most: float = math.inf
    least: float = 0

    @property
    def holds(self) -> bool:
        return self.least <= self.value <= self.most

    @property
    def wanted(self) -> str:
        if self.least == self.most:
            return f"{self.most:,.0f}"
        if self.most == math.inf:
            return f"at least {self.least:,.0f}" if self.least else ""
        return f"at most {self.most:,.0f}"

    @property
    def seen(self) -> str:
        return f"{self.value:,.0f}" if float(self.value).is_integer() else f"{self.value:,.2f}"


class Result(Struct, frozen=True):
    """What became of one attack. `failure`: why it did not come to its end, empty when it did."""

    tried: str
    figures: list[Figure]
    seconds: float
    failure: str = ""

    @property
    def holds(self) -> bool:
        return not self.failure and all(figure.holds for figure in self.figures)


def report(results: list[Result]) -> str:
    lines = [f"{'':{WORDS}}{'wanted':>18}{'seen':>12}"]
    for result in results:
        lines += ["", f"{result.tried} ({result.seconds:.0f} s)", *map(line, result.figures)]
        if result.failure:
            lines.append(f"  did not come to its end: {result.failure}")
    return "\n".join([*lines, ""])


def line(figure: Figure) -> str:
    mark = "" if figure.holds else "  FAILED"
    return f"  {figure.name:{WORDS - 2}}{figure.wanted:>18}{figure.seen:>12}{mark}"


def as_keys(results: list[Result], at: datetime) -> dict[str, object]:
    return {
        "at": at.isoformat(timespec="seconds"),
        "seconds": round(sum(result.seconds for result in results), 1),
        "attacks": [
            {
                "tried": result.tried,
                "holds": result.holds,
                "failure": result.failure,
                "figures": [
                    {"name": each.name, "wanted": each.wanted, "seen": round(each.value, 2)}
                    for each in result.figures
                ],
            }
            for result in results
        ],
    }
