"""Twenty thousand mails of one region wait for a mail server that hangs, and a few of another behind them."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from attack.ground import Ground
from attack.report import Figure
from tests.conftest import free_port
from uit.core.clock import SystemClock

MANY, FEW = 20_000, 20
SECONDS_HANGING, SECONDS_COUNTED = 20, 8
MOST_SECONDS, LEAST_PER_SECOND = 90, 10

# Sign-ins of staff that nobody knew before: each is told by a mail of its own.
WRITE = """
WITH who AS (
    SELECT gen_random_uuid() AS id, sha256(concat($1::int, '-', n)::bytea) AS digest, n
    FROM generate_series(1, $2::int) AS n
), staff AS (
    INSERT INTO identity.staff (id, name, email, created_at)
    SELECT id, 'An Claes', concat('an', n, '@gebied', $1::int, '.example.org'), $3 FROM who
), session AS (
    INSERT INTO identity.session (digest, staff_id, created_at, expires_at)
    SELECT digest, id, $3, $3 + interval '12 hours' FROM who
)
INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at)
SELECT $1, uuidv7(), 'staff.new_sign_in', id, jsonb_build_object('session', encode(digest, 'hex')), $3, $3
FROM who
"""


class HangingServer:
    """A mail server that answers nobody who sends a mail, until it is told to."""

    def __init__(self) -> None:
        self.hangs = True
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        while self.hangs:  # noqa: ASYNC110 - told from another thread
            await asyncio.sleep(0.1)
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken[message_from_bytes(content)["To"].partition("@")[2]] += 1
        return "250 OK"


@contextmanager
def hanging_server() -> Iterator[tuple[HangingServer, str]]:
    handler, port = HangingServer(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{port}"
    finally:
        handler.hangs = False
        controller.stop()


async def attack(ground: Ground) -> list[Figure]:
    now = SystemClock().now()
    await ground.world.execute("UPDATE uit.outbox SET delivered_at = $1, failed_at = NULL", now)
    for region_id, count in ((1, MANY), (2, FEW)):
        await ground.world.execute(WRITE, region_id, count, now)
    with hanging_server() as (post, address):
        async with ground.server(SMTP_URL=address):
            await asyncio.sleep(SECONDS_HANGING)
            post.hangs = False
            began = time.monotonic()
            async with asyncio.timeout(MOST_SECONDS):
                while post.taken["gebied2.example.org"] < FEW:  # noqa: ASYNC110 - counted in another thread
                    await asyncio.sleep(0.1)
            others = time.monotonic() - began
            before = post.taken.total()
            await asyncio.sleep(SECONDS_COUNTED)
            per_second = (post.taken.total() - before) / SECONDS_COUNTED
    failed = await ground.world.value("SELECT count(*) FROM uit.outbox WHERE failed_at IS NOT NULL")
    return [
        Figure("mails that wait", MANY),
        Figure("20 mails of another region after, s", others, MOST_SECONDS),
        Figure("mails per second from then on", per_second, least=LEAST_PER_SECOND),
        Figure("mails given up", failed, 0),
    ]
