"""The figures of one run, as a table for people and keys for programs."""

from collections.abc import Callable

import msgspec
from msgspec import Struct


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
        }

    def as_keys(self) -> dict[str, object]:
        figures = {name: rounded(value) for name, value in msgspec.structs.asdict(self).items()}
        return figures | {"ratios": {name: round(value, 3) for name, value in self.ratios.items()}}


def rounded(value: object) -> object:
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
    head = f"{'':30}{'clients':>8}{'per s':>10}{'p50 ms':>10}{'p99 ms':>10}"
    table = [
        f"{name:30}{clients:>8}{rate:>10,.0f}{as_cell(p50)}{as_cell(p99)}"
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
