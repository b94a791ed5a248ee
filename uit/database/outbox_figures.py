"""What waits in the outbox, as figures: by them an operator sees what is not delivered."""

from msgspec import Struct
from prometheus_client import Gauge

from uit.database.failed_message import count_failed
from uit.database.pool import Database
from uit.database.statements import Statements

SQL = Statements(__name__)
MOST_COUNTED = 10_000

WAITING = Gauge("uit_outbox_waiting", "How many messages wait, of the 10,000 that wait longest", ("topic",))
OLDEST = Gauge("uit_outbox_oldest_seconds", "How long ago the oldest that waits was written", ("topic",))
FAILED = Gauge("uit_outbox_failed", "How many messages of the outbox wait for an operator")


class WaitingTopic(Struct, frozen=True):
    topic: str
    messages: int
    oldest_seconds: float


read_waiting = SQL.many("read_waiting", WaitingTopic)


async def show_outbox(outbox: Database, topics: frozenset[str]) -> None:
    """Set the figures; those of a known topic of which nothing waits to 0."""
    async with outbox.reading() as connection:
        waiting = {each.topic: each for each in await read_waiting(connection, MOST_COUNTED)}
        FAILED.set(await count_failed(connection))
    for topic in topics | waiting.keys():
        found = waiting.get(topic)
        WAITING.labels(topic).set(found.messages if found else 0)
        OLDEST.labels(topic).set(found.oldest_seconds if found else 0)
