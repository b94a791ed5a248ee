"""The figures of one run, as a table for people and keys for programs."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

SIZES = (1_000, 10_000, 100_000)
"""How many sessions the regions have that are read."""


class ReadingFigures(Struct, frozen=True):
    """One kind of page in one region: latencies for one client, the rate and its latency for sixteen."""

    p50_ms: float
    p99_ms: float
    per_s_at_16: float
    p99_ms_at_16: float
    refused: int


class Figures(Struct, frozen=True):
    """The figures of one run on one machine, with `clients` connections unless the name says otherwise."""

    echo_per_s: float
    hot_per_s: float
    hot_p50_ms: float
    hot_p99_ms: float
    hot_p99_ms_at_16: float
    hot_p99_ms_at_64: float
    hot_per_s_at_64: float
    spread_per_s: float
    spread_p50_ms: float
    spread_p99_ms: float
    before_million_per_s: float
    after_million_per_s: float
    after_million_p99_ms: float
    sold_out_per_s: float
    card_per_s: float
    webhooks_per_s: float
    webhooks_p99_ms: float
    naive_per_s: float
    clients: int
    naive_clients: int
    earlier: int
    backlog_lines: int
    backlog_lines_per_s: float
    backlog_longest_statement_ms: float
    reading: dict[str, dict[int, ReadingFigures]]
    load_client: str
    naive_client: str

    @property
    def ratios(self) -> dict[str, float]:
        return {
            "hot_to_echo": self.hot_per_s / self.echo_per_s,
            "hot_to_naive": self.hot_per_s / self.naive_per_s,
            "after_million_to_empty": self.after_million_per_s / self.before_million_per_s,
            "sold_out_to_echo": self.sold_out_per_s / self.echo_per_s,
            "card_to_hot": self.card_per_s / self.hot_per_s,
            "spread_to_hot": self.spread_per_s / self.hot_per_s,
            **{f"{kind}_largest_to_smallest": self.growth(kind) for kind in self.reading},
        }

    def growth(self, kind: str) -> float:
        """How much longer a page takes in the largest region than in the smallest, for one client."""
        by_size = self.reading[kind]
        return by_size[max(by_size)].p50_ms / by_size[min(by_size)].p50_ms

    def p99_growth(self, kind: str) -> float:
        by_size = self.reading[kind]
        return by_size[max(by_size)].p99_ms / by_size[min(by_size)].p99_ms

    def largest(self, kind: str) -> ReadingFigures:
        return self.reading[kind][max(self.reading[kind])]

    def as_keys(self) -> dict[str, object]:
        figures = {name: rounded(value) for name, value in msgspec.to_builtins(self, str_keys=True).items()}
        return figures | {"ratios": {name: round(value, 3) for name, value in self.ratios.items()}}


def rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    return round(value, 1) if isinstance(value, float) else value


TARGETS: dict[str, tuple[Callable[[Figures], float], str, float]] = {
    "hot / echo": (lambda f: f.ratios["hot_to_echo"], ">=", 0.50),
    "hot / naive": (lambda f: f.ratios["hot_to_naive"], ">=", 2.7),
    "after a million / empty": (lambda f: f.ratios["after_million_to_empty"], ">=", 0.9),
    "sold out / echo": (lambda f: f.ratios["sold_out_to_echo"], ">=", 0.7),
    "held for a card / hot": (lambda f: f.ratios["card_to_hot"], ">=", 0.8),
    "webhooks stored per s": (lambda f: f.webhooks_per_s, ">=", 1_000),
    "p99 at 16 clients, ms": (lambda f: f.hot_p99_ms_at_16, "<=", 20),
    "p99 at 64 clients, ms": (lambda f: f.hot_p99_ms_at_64, "<=", 50),
    "backlog, lines per s": (lambda f: f.backlog_lines_per_s, ">=", 2_000),
    "backlog, longest statement, ms": (lambda f: f.backlog_longest_statement_ms, "<=", 1_000),
    "agenda, 100,000 / 1,000 sessions": (lambda f: f.growth("agenda"), "<=", 1.5),
    "rare word, 100,000 / 1,000": (lambda f: f.growth("rare"), "<=", 1.5),
    "rare word, p99 of 100,000 / 1,000": (lambda f: f.p99_growth("rare"), "<=", 1.5),
    "common word, 100,000 / 1,000": (lambda f: f.growth("common"), "<=", 1.5),
    "typo, 100,000 / 1,000": (lambda f: f.growth("typo"), "<=", 1.5),
    "event, 100,000 / 1,000": (lambda f: f.growth("event"), "<=", 1.5),
    "GET /sessions, 100,000 / 1,000": (lambda f: f.growth("sessions"), "<=", 1.5),
    "rare word among 100,000, p99 ms": (lambda f: f.largest("rare").p99_ms, "<=", 30),
    "GET /sessions of 100,000, p99 ms": (lambda f: f.largest("sessions").p99_ms, "<=", 10),
}


WORDS = {
    "agenda": "agenda",
    "rare": "rare word",
    "common": "common word",
    "typo": "typo",
    "event": "event",
    "sessions": "GET /sessions",
}


def is_reached(value: float, sign: str, bound: float) -> bool:
    return value >= bound if sign == ">=" else value <= bound


def missed_targets(figures: Figures) -> list[str]:
    return [
        f"{name}: {value:.2f}, wanted {sign} {bound}"
        for name, (read, sign, bound) in TARGETS.items()
        if not is_reached(value := read(figures), sign, bound)
    ]


def report(figures: Figures) -> str:
    f = figures
    rows = [
        ("echo of the same request", f.clients, f.echo_per_s, None, None),
        ("bookings, one hot session", f.clients, f.hot_per_s, f.hot_p50_ms, f.hot_p99_ms),
        ("bookings, one hot session", 64, f.hot_per_s_at_64, None, f.hot_p99_ms_at_64),
        ("bookings, over 500 sessions", f.clients, f.spread_per_s, f.spread_p50_ms, f.spread_p99_ms),
        (f"hot, after {f.earlier:,}", f.clients, f.after_million_per_s, None, f.after_million_p99_ms),
        ("sold out", f.clients, f.sold_out_per_s, None, None),
        ("held, to be paid by card", f.clients, f.card_per_s, None, None),
        ("webhooks stored", 64, f.webhooks_per_s, None, f.webhooks_p99_ms),
        (f"backlog of {f.backlog_lines:,} due lines", 1, f.backlog_lines_per_s, None, None),
        ("naive, one transaction each", f.naive_clients, f.naive_per_s, None, None),
    ]
    rows += [
        (f"{WORDS[kind]}, {size:,} sessions", 1, 1000 / found.p50_ms, found.p50_ms, found.p99_ms)
        for kind, by_size in f.reading.items()
        for size, found in by_size.items()
    ]
    rows += [
        (f"{WORDS[kind]}, {size:,} sessions", 16, found.per_s_at_16, None, found.p99_ms_at_16)
        for kind, by_size in f.reading.items()
        for size, found in by_size.items()
    ]
    head = f"{'':34}{'clients':>8}{'per s':>10}{'p50 ms':>10}{'p99 ms':>10}"
    table = [
        f"{name:34}{clients:>8}{rate:>10,.0f}{as_cell(p50)}{as_cell(p99)}"
        for name, clients, rate, p50, p99 in rows
    ]
    target_lines = [
        f"{name:38}{read(figures):>10.2f}   wanted {sign} {bound}"
        for name, (read, sign, bound) in TARGETS.items()
    ]
    tools = f"{f.load_client}; {f.naive_client}; fsync and synchronous_commit on"
    return "\n".join(["", head, *table, "", *target_lines, "", tools, ""])


def as_cell(milliseconds: float | None) -> str:
    return f"{'':>10}" if milliseconds is None else f"{milliseconds:>10.1f}"
