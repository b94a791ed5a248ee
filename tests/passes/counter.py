"""Acting at a counter as a clerk does: through its pages."""

import re
from datetime import date
from uuid import UUID, uuid4

from tests.builders import World

AALST = "41002"


def insz(serial: int = 1) -> str:
    """A number that adds up and is nobody's: the birth date in it is not known."""
    base = f"000000{serial:03}"
    return f"{base}{97 - int(base) % 97:02}"


async def open_counter(world: World, role: str = "clerk", *, region_id: int = 1) -> UUID:
    """Somebody with this role stands at the counter of a region that has one municipality."""
    await world.municipality(AALST)
    await world.execute(
        "INSERT INTO uit.region_municipality VALUES ($1, $2) ON CONFLICT DO NOTHING", region_id, AALST
    )
    await authorise_insz(world, region_id=region_id)
    return await world.sign_in_staff(role, region_id=region_id)


async def authorise_insz(world: World, *, region_id: int = 1, ends_on: date | None = None) -> UUID:
    """The region may use the number of the national register."""
    made = uuid4()
    await world.execute(
        "INSERT INTO identity.insz_authorisation"
        " (region_id, id, number, purposes, categories, starts_on, ends_on, entered_at)"
        " VALUES ($1, $2, '18/2024', 'Dubbels vinden', 'Inwoners', '2026-01-01', $3, $4)",
        region_id, made, ends_on, world.clock.now(),
    )  # fmt: skip
    return made


async def register(world: World, region: str = "dender", **fields: str) -> UUID:
    """Register somebody through the form, and return the membership."""
    form = person_fields() | fields
    answer = await world.post_form(f"/{region}/balie/nieuw", **form)
    assert answer.status_code == 303, answer.text
    return UUID(re.findall(r"personen/([0-9a-f-]{36})", answer.headers["location"])[0])


def person_fields() -> dict[str, str]:
    return {
        "membership_id": str(uuid4()),
        "person_id": str(uuid4()),
        "given_name": "Zoë",
        "family_name": "D'Hondt",
        "born_on": "1990-05-17",
        "refnis": AALST,
    }


def changed_details(**fields: object) -> dict[str, object]:
    """The form by which a clerk changes somebody."""
    filled: dict[str, object] = {
        "change_id": uuid4(),
        "given_name": "Zoë",
        "family_name": "D'Hondt",
        "born_on": "1990-05-17",
        "address_kind": "home",
        "street": "Kerkstraat",
        "house_number": "12 bus 3",
        "postcode": "9300",
        "place": "Aalst",
        "refnis": AALST,
        "email": "zoe@example.org",
        "phone": "0470 12 34 56",
        "language": "fr",
        "reached_by": "sms",
    }
    return filled | fields


async def issue(world: World, membership_id: UUID, kind: str = "paper", card_id: UUID | None = None) -> UUID:
    card_id = card_id or uuid4()
    answer = await world.post_form(
        f"/dender/balie/personen/{membership_id}/passen", card_id=card_id, kind=kind
    )
    assert answer.status_code == 303, answer.text
    return card_id


async def acts(world: World) -> list[str]:
    """What the audit trail holds; a test happens at one instant, so its order says nothing."""
    return [row["act"] for row in await world.rows("SELECT act FROM uit.audit ORDER BY act")]
