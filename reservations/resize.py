"""An organiser changes how many places of a session are on sale."""

from reservations.ask import Resize, Resized
from reservations.booking import settle_batch
from uit.ground.audit import Author
from uit.ground.clock import Clock
from uit.ground.errors import Refusal
from uit.ground.sql import Executor


async def resize(tx: Executor, ask: Resize, author: Author, clock: Clock) -> Resized | Refusal:
    """Settled as a batch of one, in the transaction that writes it down.

    Refused: PoolUnknown, BelowTaken, AboveLicence.
    """
    [answer] = await settle_batch(tx, [ask], clock, author.ids)
    assert isinstance(answer, Resized | Refusal)
    if isinstance(answer, Resized) and answer.changed:
        await author.note(tx, "pool.resize", "pool", ask.pool_id, capacity=ask.capacity)
    return answer
