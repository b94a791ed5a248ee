"""What somebody chose for a kind of message, where that is not how they are reached by default."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.message.kind import KINDS
from uit.identity.message.way import Reachable, Way

SQL = Statements(__name__)


class MessageSetting(Struct, frozen=True):
    """`kind` is a name in KINDS; `way` a value of Way."""

    kind: str
    way: str


read_reachable = SQL.maybe("read_reachable", Reachable)
read_settings = SQL.many("read_settings", MessageSetting)
write_settings = SQL.command("write_settings")


async def choose(tx: Executor, person_id: UUID, wanted: Mapping[str, Way | None], now: datetime) -> bool:
    """Write down by which way each kind of message goes; None takes that back.

    False, with nothing written, where there is no such kind or it may not be switched off.
    """
    if not all(may_be(kind, way) for kind, way in wanted.items()):
        return False
    ways = [way.value if way else None for way in wanted.values()]
    await write_settings(tx, person_id, list(wanted), ways, now)
    return True


def may_be(kind: str, way: Way | None) -> bool:
    known = KINDS.get(kind)
    return known is not None and (way is not Way.OFF or known.may_be_off)
