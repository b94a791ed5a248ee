"""Letters that wait at a counter."""

from uuid import UUID, uuid4

from tests.builders import Resident, World

AT_HOME = (
    "UPDATE identity.person SET address_kind = $2, street = 'Kerkstraat', house_number = '12',"
    " postcode = '9300', place = 'Aalst' WHERE id = $1"
)
ADD = (
    "INSERT INTO identity.letter (region_id, id, person_id, kind, subject, body, written_at)"
    " VALUES ($1, $2, $3, 'called_off', 'Gaat niet door', E'Dag Anna\n\nDit gaat niet door.\n', $4)"
)


async def live(world: World, who: Resident, kind: str = "home", refnis: str | None = None) -> None:
    """Somebody has an address, and is a member in a municipality."""
    await world.execute(AT_HOME, who.person_id, kind)
    await world.execute("UPDATE passes.membership SET refnis = $2 WHERE id = $1", who.membership_id, refnis)


async def a_letter(world: World, person_id: UUID, region_id: int = 1) -> UUID:
    letter_id = uuid4()
    await world.execute(ADD, region_id, letter_id, person_id, world.clock.now())
    return letter_id


async def letters_to_post(world: World, person_id: UUID) -> list[tuple[str, dict[str, object]]]:
    """The forms by which a letter is printed, posted and comes back, and another stays unsent."""
    await world.execute(AT_HOME, person_id, "home")
    letter_id, batch_id = await a_letter(world, person_id), uuid4()
    unsent = await a_letter(world, person_id)
    return [
        (f"/{unsent}/weg", {}),
        ("", {"batch_id": batch_id}),
        (f"/{batch_id}/gepost", {}),
        (f"/{letter_id}/kwam-terug", {}),
    ]


async def a_message(world: World, person_id: UUID) -> UUID:
    """What a counter has to say to somebody."""
    message_id = await a_letter(world, person_id)
    await world.execute("UPDATE identity.letter SET is_for_counter = true WHERE id = $1", message_id)
    return message_id
