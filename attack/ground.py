"""What is attacked: a town on stores of its own, met over real sockets by processes of its own."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from tests.builders import Resident, Session, World
from tests.copies import install
from tests.edges.server import Server, open_server
from tests.reservations.booking.fleet import Fleet, open_fleet
from tests.town import a_home
from uit.core.clock import SetClock, SystemClock
from uit.embedded.stores import Store, open_postgres, open_valkey

PEOPLE = 10
CREDIT_CENTS = 1_000_000
SEATS = 100_000
PRICE_CENTS = 100


class Ground(Struct, frozen=True):
    """`world` makes what an attack needs, and is asked nothing; its clock is set by who needs the time."""

    database: Store
    cache: Store
    world: World
    folder: Path

    def server(self, **settings: str) -> AbstractAsyncContextManager[Server]:
        """Application and worker, as an installation without other settings runs them."""
        self.world.clock.set(SystemClock().now())
        own = self.world.services.settings
        stores = {
            "DATABASE_URL": own.database_url,
            "OWNER_DATABASE_URL": own.owner_url,
            "REDIS_URL": own.redis_url,
        }
        return open_server(self.folder, **stores, **settings)

    @asynccontextmanager
    async def bookings(self) -> AsyncIterator["Bookings"]:
        """An application that takes bookings of one session all the time."""
        self.world.clock.set(SystemClock().now())
        session = await self.session()
        people = [await self.world.resident(CREDIT_CENTS) for _ in range(PEOPLE)]
        async with open_fleet(self.world, 1) as fleet:
            await fleet.admit(session.organiser_id)
            yield Bookings(fleet, session, people)

    async def session(self) -> Session:
        return await self.world.session(SEATS, PRICE_CENTS)


class Bookings(Struct, frozen=True):
    fleet: Fleet
    session: Session
    people: list[Resident]

    async def faults(self) -> int:
        """How many acknowledged bookings are gone, and how much else does not hold in the books."""
        return len(await self.fleet.broken())


@asynccontextmanager
async def open_ground() -> AsyncIterator[Ground]:
    with (
        a_home() as home,
        open_postgres(home) as database,
        open_valkey(home) as cache,
        TemporaryDirectory(prefix="uit-attack-") as name,
    ):
        await install(database.url)
        folder, clock = Path(name), SetClock(SystemClock().now())
        async with World.open(database.url, cache.url, "", clock, folder) as world:
            yield Ground(database, cache, world, folder)
