"""The figures of one run, as a table for people and keys for programs."""

from collections.abc import Callable, Sequence

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


class RushFigures(Struct, frozen=True):
    """`looks_p99_ms` is of who waits, `let_in_p99_ms` of the bookings of who was let in."""

    people: int
    seats: int
    sold: int
    entered_per_s: float
    looks_per_s: float
    looks_p99_ms: float
    let_in_p99_ms: float
    memory_mb: float


class LiveFigures(Struct, frozen=True):
    """`heard`: how often a page was told of one of the changes, and `after_p99_s` and `longest_s` how soon.

    `transactions_per_s`: how many more the database does while all pages are open and nothing happens.
    """

    pages: int
    changes: int
    heard: int
    after_p99_s: float
    longest_s: float
    transactions_per_s: float
    memory_mb: float


class PlaceFigures(Struct, frozen=True):
    """Bookings from one pool, from three nested ones of two organisers and of numbered seats; and changes."""

    one_per_s: float
    nested_per_s: float
    nested_p99_ms: float
    seats_per_s: float
    seats_p99_ms: float
    changes_per_s: float
    changes_p99_ms: float
    live: LiveFigures


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
    rush: RushFigures
    places: PlaceFigures
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
            "nested_to_one": self.places.nested_per_s / self.places.one_per_s,
            "seats_to_one": self.places.seats_per_s / self.places.one_per_s,
            "changes_to_one": self.places.changes_per_s / self.places.one_per_s,
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
    "three nested pools / one": (lambda f: f.ratios["nested_to_one"], ">=", 0.85),
    "numbered seats / one pool": (lambda f: f.ratios["seats_to_one"], ">=", 0.5),
    "changes / bookings": (lambda f: f.ratios["changes_to_one"], ">=", 0.4),
    "live, last page told after, s": (lambda f: f.places.live.longest_s, "<=", 2),
    "live, transactions per s more": (lambda f: f.places.live.transactions_per_s, "<=", 1.5),
    "live, memory, MB": (lambda f: f.places.live.memory_mb, "<=", 500),
    "rush, seats sold": (lambda f: f.rush.sold, ">=", 500),
    "rush, p99 of who is let in, ms": (lambda f: f.rush.let_in_p99_ms, "<=", 500),
    "rush, memory, MB": (lambda f: f.rush.memory_mb, "<=", 500),
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
        (f"rush, {f.rush.people:,} enter", 64, f.rush.entered_per_s, None, None),
        ("rush, looks at a place", 64, f.rush.looks_per_s, None, f.rush.looks_p99_ms),
        ("rush, bookings of who is let in", 1, f.rush.sold, None, f.rush.let_in_p99_ms),
        ("bookings, one pool", f.clients, f.places.one_per_s, None, None),
        ("bookings, three nested pools", f.clients, f.places.nested_per_s, None, f.places.nested_p99_ms),
        ("bookings, numbered seats", f.clients, f.places.seats_per_s, None, f.places.seats_p99_ms),
        ("changes to another date", f.clients, f.places.changes_per_s, None, f.places.changes_p99_ms),
        *live_rows(f.places.live),
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


Row = tuple[str, int, float, float | None, float | None]


def live_rows(live: LiveFigures) -> list[Row]:
    """How many pages are told of a change, and how soon after it."""
    return [
        ("live, pages told of a change", live.pages, live.heard / live.changes, None, live.after_p99_s * 1000)
    ]


def percentile(values: Sequence[float], share: float = 0.99) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def as_cell(milliseconds: float | None) -> str:
    return f"{'':>10}" if milliseconds is None else f"{milliseconds:>10.1f}"
