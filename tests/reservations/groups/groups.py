"""A group of a partner, for tests: its pass, its purse, and its worker."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from reservations.booking.actor import ByGroup, GroupProof
from reservations.booking.answers import Answer, Booked
from reservations.booking.commands import Book, GiveUp, PayWith, RequestedLine, bound_to
from tests.builders import Session, World
from uit.core.errors import Busy, DatabaseAway
from uit.passes.card.number import make_number


class Group(Struct, frozen=True):
    region_id: int
    id: UUID
    partner_id: UUID
    number: str

    @property
    def home(self) -> str:
        return f"/dender/partners/{self.partner_id}"

    @property
    def own(self) -> str:
        return f"{self.home}/groepen/{self.id}"


WORKER = uuid4()


async def a_partner(
    world: World, name: str = "De Brug", kind: str = "association", region_id: int = 1
) -> UUID:
    made = uuid4()
    await world.execute(
        "INSERT INTO identity.partner (region_id, id, kind, name, created_at) VALUES ($1, $2, $3, $4, $5)",
        region_id, made, kind, name, world.clock.now(),
    )  # fmt: skip
    return made


async def a_service(world: World, name: str = "OCMW Aalst") -> UUID:
    """A social service of the region."""
    return await a_partner(world, name, "social_service")


async def a_group(
    world: World,
    *,
    tickets: int = 100,
    credit_cents: int = 0,
    partner_id: UUID | None = None,
    social_until: date = date(2027, 12, 31),
    name: str = "Woensdaggroep",
) -> Group:
    partner_id, made = partner_id or await a_partner(world, f"Huis {world.count}"), uuid4()
    world.count += 1
    number = make_number(1, 900_000 + world.count)
    await world.execute("INSERT INTO credits.wallet VALUES (1, $1)", made)
    await world.execute(
        "INSERT INTO passes.group_pass"
        " (region_id, id, partner_id, name, tickets_a_year, social_until, number, created_at)"
        " VALUES (1, $1, $2, $3, $4, $5, $6, $7)",
        made, partner_id, name, tickets, social_until, number, world.clock.now(),
    )  # fmt: skip
    if credit_cents:
        await world.purse(1, made, credit_cents)
    return Group(1, made, partner_id, number)


def command(group: Group, session: Session, places: int, tariff: str = "kansentarief", **more: Any) -> Book:
    lines = (RequestedLine(session.id, tariff, places, GroupProof(group.id)),)
    by, digest = ByGroup(group.id, WORKER), bound_to("test", lines)
    return Book(1, uuid4(), digest, by, lines, "page", **{"pay_with": PayWith.CREDIT, **more})


async def book(
    world: World, group: Group, session: Session, places: int, tariff: str = "kansentarief"
) -> Answer | Busy | DatabaseAway:
    return await world.services.turnstile.answer(command(group, session, places, tariff))


async def booked(world: World, group: Group, session: Session, places: int = 8) -> UUID:
    answer = await book(world, group, session, places)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def give_up(world: World, group: Group, booking_id: UUID) -> Answer | Busy | DatabaseAway:
    return await world.services.turnstile.answer(GiveUp(1, booking_id, ByGroup(group.id, uuid4())))


async def credit_of(world: World, group: Group) -> int:
    found = await world.value("SELECT sum(available_cents) FROM credits.purse WHERE wallet_id = $1", group.id)
    return int(found or 0)


async def years_of(world: World, group: Group) -> list[tuple[int, int, int]]:
    rows = await world.rows(
        "SELECT year, taken, most FROM reservations.group_year WHERE group_id = $1 ORDER BY year", group.id
    )
    return [tuple(row) for row in rows]
