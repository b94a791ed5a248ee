"""How many places were sold elsewhere, when a source says how many are left. Pure.

A source says one number, which may or may not count what was booked here. A region can say which
(`Counting`); where it did not, what changed since the source last said another number tells it as well as
it can.
"""

from msgspec import Struct

from organisers.source import Counting


class SourceFigure(Struct, frozen=True):
    """What a source said when it last said another figure, and what was here at that moment.

    `unavailable`: the places of its capacity that are not left there; None when it does not say. `taken`:
    those that were booked here. `elsewhere`: those that were sold elsewhere, as far as these tell.
    """

    unavailable: int | None
    taken: int
    elsewhere: int
    counting: Counting


def read_figure(
    counting: Counting, unavailable: int | None, taken: int, before: SourceFigure | None
) -> SourceFigure:
    """The figure that a source says now; `before` itself when that is the same one, or when it says none.

    As long as it stays the same, it says nothing of what was booked here since it was said.
    """
    if before and unavailable in {None, before.unavailable}:
        if before.counting == counting:
            return before
        unavailable, taken = before.unavailable, before.taken
    return SourceFigure(unavailable, taken, sold_elsewhere(counting, unavailable, taken, before), counting)


def sold_elsewhere(
    counting: Counting, unavailable: int | None, taken: int, before: SourceFigure | None
) -> int:
    """How many places were sold elsewhere.

    Never fewer than keeps what is left here within what is left there, and never more than are unavailable
    there.
    """
    if unavailable is None:
        return 0
    if counting == "ours_included":
        return max(unavailable - taken, 0)
    if counting == "ours_excluded" or before is None or before.unavailable is None:
        return unavailable
    likely = before.elsewhere + newly_elsewhere(unavailable - before.unavailable, taken - before.taken)
    return min(max(likely, unavailable - taken, 0), unavailable)


def newly_elsewhere(unavailable: int, taken: int) -> int:
    """How many places were sold elsewhere since so many fewer are left there, and so many more taken here.

    As many as were taken here are those; fewer cannot be those, so that all were sold elsewhere. What came
    back there beyond what came back here, came back elsewhere.
    """
    if unavailable >= taken > 0:
        return unavailable - taken
    if unavailable < 0:
        return min(unavailable - min(taken, 0), 0)
    return unavailable


def had_to_choose(now: SourceFigure, before: SourceFigure | None) -> bool:
    """Whether it could not be known if a source counts what was booked here since it last said a figure."""
    if now is before or before is None or now.unavailable is None or before.unavailable is None:
        return False
    return now.counting == "unknown" and now.unavailable > before.unavailable and now.taken > before.taken
