"""What a duty of the worker says of one step."""

from datetime import datetime

from msgspec import Struct


class DutyResult(Struct, frozen=True):
    """`count`: how many things were done. `oldest_due_at`: since when the oldest has been due, if it can say.

    `more`: more is waiting, so the next step comes at once. A step is bounded: others come in between.
    """

    count: int
    oldest_due_at: datetime | None = None
    more: bool = False
