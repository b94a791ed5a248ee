"""Many pay at four processes while the provider, the network and the database fail: all of it adds up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from secrets import randbelow
from uuid import UUID

import pytest

from credits.payments.stripe import StripeProvider
from tests.builders import World
from tests.conftest import Letterbox
from tests.copies import copied
from tests.credits.till.drawers import a_drawer
from tests.reservations.booking.fleet import Fleet
from tests.reservations.payment.fleet import SharedClock, open_paying_fleet
from tests.reservations.payment.payers import Payers
from tests.reservations.payment.reckoning import broken, differences, unended
from tests.reservations.payment.trouble import Trouble
from tests.stripe_document import checked_peer
from uit.embedded.stores import Addresses
from uit.embedded.stripe_peer.peer import StripePeer
from uit.embedded.stripe_peer.webhook import SECONDS_BETWEEN_LOOKS

PROCESSES, AT_ONCE = 4, 10
PEOPLE_IN_ALL, TROUBLES = 80, 20
SECONDS_BETWEEN = 0.3
SECONDS_TO_REST = 40
# After trouble ends: what was lent to who died, the time to pay, and the hours at a desk.
STEPS = [timedelta(minutes=3)] * 6 + [timedelta(hours=1)] * 2


class Evening:
    """What the test stands on."""

    def __init__(self, fleet: Fleet, peer: StripePeer, payers: Payers, accounts: list[str]) -> None:
        self.fleet, self.peer, self.payers, self.accounts = fleet, peer, payers, accounts

    @classmethod
    async def found(cls, fleet: Fleet, peer: StripePeer) -> "Evening":
        """Two who sell: one on its own account at the provider, one on that of the installation."""
        world = fleet.world
        accounts = ["", await own_account(peer, await world.organiser())]
        dates, drawers = [], {}
        for account in accounts:
            organiser_id = await world.organiser()
            await world.seller(organiser_id, account=account, desk_hours=1, fee_cents=70)
            for seats, cents in [(60, 500), (12, 333), (40, 125)]:
                dates.append(await world.session(seats, cents, organiser_id=organiser_id))
            drawers[organiser_id] = await a_drawer(world, seller_id=organiser_id)
        people = [await world.resident(cents) for cents in (300, 1000, 2500, 700)]
        await fleet.admit(*drawers)
        return cls(fleet, peer, Payers(fleet, peer.control, dates, people, drawers), accounts)

    async def go(self, seed: int) -> None:
        turns = asyncio.Semaphore(AT_ONCE)

        async def come(n: int) -> None:
            async with turns:
                await self.payers.act(f"{seed}-{n}")

        async with asyncio.TaskGroup() as tasks:
            for n in range(PEOPLE_IN_ALL):
                tasks.create_task(come(n))
            dice = Random(seed)  # noqa: S311  dice, and no secret
            trouble = Trouble(self.fleet, self.peer.control, self.payers, dice)
            tasks.create_task(trouble.happen(TROUBLES, SECONDS_BETWEEN))

    async def come_to_rest(self) -> None:
        """Nothing goes wrong any more, and the clock moves on until everything has ended."""
        self.peer.control.behave()
        async with asyncio.timeout(SECONDS_TO_REST):
            await self.peer.control.until_delivered()
            for step in STEPS:
                self.fleet.world.clock.move(step)
                await asyncio.sleep(SECONDS_BETWEEN)
            # The provider sees that a page is over when it looks, and reports it then.
            await asyncio.sleep(2 * SECONDS_BETWEEN_LOOKS)
            await self.peer.control.until_delivered()
            while await unended(self.fleet.world):
                self.fleet.world.clock.move(STEPS[0])
                await asyncio.sleep(SECONDS_BETWEEN)
                await self.peer.control.until_delivered()


async def own_account(peer: StripePeer, seller_id: UUID) -> str:
    provider = StripeProvider(peer.secret_key, [], peer.url)
    account = await provider.open_account(seller_id, "De Werf", None)
    await provider.close()
    peer.control.enable_account(account.id)
    return account.id


@pytest.fixture
async def evening(
    template_dsn: str, addresses: Addresses, tmp_path: Path, post: tuple[str, Letterbox]
) -> AsyncIterator[Evening]:
    clock = SharedClock(tmp_path / "clock")
    async with (
        copied(template_dsn) as dsn,
        World.open(dsn, addresses.redis_url, post[0], clock, tmp_path) as world,
        checked_peer(clock) as peer,
        open_paying_fleet(world, peer, tmp_path / "clock", PROCESSES) as fleet,
    ):
        yield await Evening.found(fleet, peer)


async def test_whatever_goes_wrong_seats_credit_cards_and_books_agree(evening: Evening) -> None:
    seed = randbelow(10**6)
    world = evening.fleet.world

    await evening.go(seed)
    found = await broken(world)
    with suppress(TimeoutError):
        await evening.come_to_rest()

    found += [*await broken(world), *await unended(world)]
    found += await differences(world, evening.peer, evening.accounts)
    happened = evening.payers.happened
    assert found == [], "\n".join([f"seed {seed}: {dict(happened)}", *found])
    assert happened["paid"], happened
