"""Two thousand mails wait, and the mail server takes them, hangs, or says no: who else waits, how long.

On two shared cores: 2,010 mails in 20 s, and 2,025 messages past a server that hangs in 2 s.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import uuid4

from aiosmtpd.controller import Controller

from tests.builders import World
from tests.conftest import Letterbox, free_port
from tests.database.test_outbox import WRITE
from uit.core.ids import TimeOrderedIds
from uit.database.outbox import AT_ONCE, Deliverer, GiveUp, Message, Topic, TryLater
from uit.database.pool import Database
from uit.entrypoints.topics import as_delivered
from uit.services.mail import Mail, Mailer

MANY = 2_000
SEVERAL_ROUNDS = 10 * AT_ONCE
MAIL, MONEY = "test.mail", "test.refund"
SENDER = "uit <noreply@example.org>"


class Post:
    """Delivers mails by a mailer and money by itself, and remembers in which order it was asked."""

    def __init__(self, mailer: Mailer) -> None:
        self.mailer = mailer
        self.asked: list[Message] = []

    async def mail(self, message: Message) -> TryLater | GiveUp | None:
        self.asked.append(message)
        return as_delivered(await self.mailer.send(Mail("anna@example.org", "Je ticket", "Tot dan.\n")))

    async def money(self, message: Message) -> None:
        self.asked.append(message)


async def write(world: World, topic: str, count: int, region_id: int = 1) -> None:
    keys = [uuid4() for _ in range(count)]
    await world.execute(WRITE, region_id, topic, keys, world.clock.now())


@asynccontextmanager
async def delivering(world: World, post: Post) -> AsyncIterator[Deliverer]:
    outbox = await Database.open(world.services.settings.database_url, connections=4)
    topics = {MAIL: Topic(post.mail, blocks=False), MONEY: Topic(post.money)}
    yield Deliverer(outbox, world.clock, TimeOrderedIds(world.clock), topics)
    await outbox.close()


async def rounds(deliverer: Deliverer) -> int:
    count = 0
    while (await deliverer.deliver_due()).more:
        count += 1
    return count


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Takes every connection, and never says a word."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def dripping_server() -> AsyncIterator[str]:
    """Says a letter now and then, so that no single wait is long."""

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(200):
            writer.write(b"2")
            await asyncio.sleep(0.05)
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_another_region_is_served_at_once_while_two_thousand_mails_of_one_wait(
    world: World, post: tuple[str, Letterbox]
) -> None:
    smtp_url, box = post
    box.mails.clear()
    office = Post(Mailer(smtp_url, SENDER))
    await write(world, MAIL, MANY)
    await write(world, MAIL, 10, region_id=2)

    began = perf_counter()
    async with delivering(world, office) as deliverer:
        await rounds(deliverer)
    per_second = (MANY + 10) / (perf_counter() - began)

    assert max(n for n, each in enumerate(office.asked) if each.region_id == 2) < 3 * AT_ONCE
    assert len(box.mails) == MANY + 10
    assert per_second > 20


async def test_a_server_that_hangs_holds_up_nothing_but_mail(world: World) -> None:
    """The first sixteen wait for it, and then it is left alone: what else waits behind is not held up."""
    await write(world, MAIL, MANY)
    await write(world, MONEY, 20)
    await write(world, MONEY, 5, region_id=2)

    async with silent_server() as address:
        office = Post(Mailer(address, SENDER, send_seconds=1, away_seconds=60))
        began = perf_counter()
        async with delivering(world, office) as deliverer:
            await rounds(deliverer)
        seconds = perf_counter() - began

    assert seconds < 60
    assert (
        await world.value("SELECT count(*) FROM uit.outbox WHERE topic = $1 AND delivered_at IS NULL", MONEY)
        == 0
    )
    waiting = await world.rows(
        "SELECT DISTINCT attempts, failed_at IS NULL, failure FROM uit.outbox WHERE topic = $1", MAIL
    )
    assert [tuple(each) for each in waiting] == [(1, True, "ground.mail_away")]


async def test_a_server_that_says_a_letter_a_second_is_given_up_on_in_time(world: World) -> None:
    async with dripping_server() as address:
        office = Post(Mailer(address, SENDER, send_seconds=0.5))
        began = perf_counter()

        answer = await office.mailer.send(Mail("anna@example.org", "Je ticket", "Tot dan.\n"))

    assert as_delivered(answer) == TryLater("ground.mail_away")
    assert perf_counter() - began < 2


async def test_who_is_away_is_asked_again_later(world: World, post: tuple[str, Letterbox]) -> None:
    smtp_url, box = post
    box.mails.clear()
    mail = Mail("anna@example.org", "Je ticket", "Tot dan.\n")
    mailer = Mailer("smtp://127.0.0.1:9", SENDER, away_seconds=0.2)
    assert as_delivered(await mailer.send(mail)) == TryLater("ground.mail_away")
    mailer._url = Mailer(smtp_url, SENDER)._url

    at_once = await mailer.send(mail)
    await asyncio.sleep(0.3)
    later = await mailer.send(mail)

    assert (as_delivered(at_once), later) == (TryLater("ground.mail_away"), None)
    assert len(box.mails) == 1


class Refuses:
    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802  aiosmtpd's name
        return "550 5.1.1 no such user"


async def test_what_is_refused_for_good_is_tried_once_and_never_again(world: World) -> None:
    port = free_port()
    controller = Controller(Refuses(), hostname="127.0.0.1", port=port)
    controller.start()
    office = Post(Mailer(f"smtp://127.0.0.1:{port}", SENDER))
    await write(world, MAIL, SEVERAL_ROUNDS)

    async with delivering(world, office) as deliverer:
        await rounds(deliverer)
        world.clock.set(world.clock.now().replace(year=2030))
        await rounds(deliverer)
    controller.stop()

    assert len(office.asked) == SEVERAL_ROUNDS
    failed = await world.rows("SELECT DISTINCT attempts, failed_at IS NOT NULL, failure FROM uit.outbox")
    assert [tuple(each) for each in failed] == [(1, True, "ground.mail_refused 550")]
