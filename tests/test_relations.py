"""Whose things somebody reaches: role by route by relation, against the table in `docs/access.md`.

The things are of Lotte, a child of 8: her pass, her household, her credit, and the place that one of her
parents booked.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest

from reservations.booking.answers import Booked
from tests.builders import TONIGHT, Resident, Session, World
from tests.identity.person.helpers import a_child, entrust
from tests.passes.letters.letters import a_message
from tests.reservations.booking.test_acting import book_for
from tests.reservations.groups.groups import a_partner, a_service
from tests.reservations.served.test_desk import served
from tests.reservations.waiting_room.queue import a_room
from tests.test_access import AALST, NINOVE, TABLE, refused, rows_of

SECTION: Final = re.compile(r"^## Whose things$(.*?)^## ", re.MULTILINE | re.DOTALL)
ROW: Final = re.compile(r"^\| (GET|POST) \| `(\S+)` \|(.*)\|$", re.MULTILINE)
NAMED: Final = (
    "membership_id", "card_id", "given_id", "mandate_id", "message_id", "household_id", "grant_id", "ask_id",
    "letter_id", "batch_id", "other_id", "decision_id",
)  # fmt: skip
NAMES_A_PERSON: Final = re.compile(rf"\{{({'|'.join(NAMED)})\}}|^/\{{region\}}/boekingen/\{{booking_id\}}")
"""What is in an address that names something of a person, of the pages that ask who comes in."""


NEEDS_PERMISSION: Final = re.compile(r"/balie/personen/\{membership_id\}/(boek|wachtkamer)")
NOTHING_HERE: Final = "–"  # noqa: RUF001  as the table has it
LAST: Final = ("herself", "parent", "clerk")
"""They come last: what they may do is done once."""
IDS_OF_FORMS: Final = (
    "attestation_id", "cancellation_id", "card_id", "change_id", "form_id", "given_id", "grant_id", "mail_id",
    "mandate_id", "merge_id", "new_card_id", "permission_id", "proof_id", "release_id", "reversal_id",
    "undo_id",
)  # fmt: skip
"""What a form names by itself, and a browser sends along."""


@dataclass(frozen=True)
class Scene:
    """Lotte and those around her; `ids` are what addresses name of her, `session` where she goes."""

    session: Session
    ids: dict[str, str]
    come_in: dict[str, Callable[[], Awaitable[object]]]


def rows_of_table() -> list[tuple[str, str, dict[str, str]]]:
    """Each row of the table: a method, an address, and what each relation gets."""
    section = SECTION.search(TABLE.read_text())
    assert section is not None
    header = next(line for line in section[1].splitlines() if line.startswith("| method"))
    relations = [name.strip() for name in header.strip("|").split("|")][2:]
    return [
        (method, path, dict(zip(relations, map(str.strip, cells.split("|")), strict=True)))
        for method, path, cells in ROW.findall(section[1])
    ]


async def a_scene(world: World) -> Scene:
    parent, other, former, helper, stranger = [await world.resident() for _ in range(5)]
    lotte = await a_child(world, parent, other, credit_cents=2000)
    given_id = await entrust(world, lotte, helper, powers=("see", "book", "pay"), limit_cents=2000)
    once = await entrust(world, lotte, former, kind="parental", powers=("see", "book", "pay"), ends_on=None)
    await world.execute(
        "UPDATE identity.representation SET revoked_at = $2 WHERE id = $1", once, world.clock.now()
    )
    for each in (parent, lotte):
        await live_in_aalst(world, each)
    session = await world.session(**TONIGHT)
    booked = await book_for(world, parent, lotte, session)
    assert isinstance(booked, Booked)
    service, other_service = await a_service(world), await a_service(world, "OCMW Ninove")
    await served(world, service, lotte)
    ids = {
        "membership_id": lotte.membership_id,
        "other_id": parent.membership_id,
        "card_id": lotte.card_id,
        "household_id": await a_household(world, parent, lotte),
        "given_id": given_id,
        **await what_was_sent(world, lotte),
        "grant_id": await world.value(
            "SELECT id FROM credits.purse WHERE wallet_id = $1", lotte.membership_id
        ),
        "programme_id": (await world.programme())[0],
        "booking_id": booked.booking.id,
        "session_id": session.id,
        "partner_id": service,
        "mandate_id": await a_mandate(world, lotte, await a_partner(world)),
        "message_id": await a_message(world, lotte.person_id),
        "entry_id": await a_place_in_line(world, lotte, session),
    }
    residents = {
        "herself": lotte, "parent": parent, "other parent": other, "former parent": former, "helper": helper,
        "stranger": stranger,
    }  # fmt: skip
    return Scene(
        session,
        {name: str(value) for name, value in ids.items()},
        {name: as_resident(world, who) for name, who in residents.items()}
        | workers(world, lotte, session, service, other_service),
    )


async def what_was_sent(world: World, who: Resident) -> dict[str, UUID]:
    """A letter that was printed, and a decision."""
    letter_id, batch_id, decision_id, now = uuid4(), uuid4(), uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO identity.letter"
        " (region_id, id, person_id, kind, subject, body, written_at, batch_id, printed_at)"
        " VALUES (1, $1, $2, 'changed', 'Een ander uur', 'Het begint om 20 uur.', $3, $4, $3)",
        letter_id, who.person_id, now, batch_id,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO passes.decision (region_id, id, membership_id, what, ground, rule, from_on, reviewer,"
        " complaints, actor_kind, actor_id, made_at) VALUES (1, $1, $2, 'grant_refused', 'Al gekregen',"
        " 'Artikel 2', $3, 'De schepen', 'De klachtendienst', 'staff', $4, $5)",
        decision_id, who.membership_id, now.date(), str(uuid4()), now,
    )  # fmt: skip
    return {"letter_id": letter_id, "batch_id": batch_id, "decision_id": decision_id}


async def a_place_in_line(world: World, who: Resident, session: Session) -> UUID:
    made, now = uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO reservations.waiting_entry (region_id, id, event_id, session_ids, pool_ids, lines,"
        " membership_id, channel, joined_at, ends_at, state_at)"
        """ VALUES (1, $1, $2, $3, $4, '[{"tariff": "base", "places": 20}]', $5, 'page', $6, $7, $6)""",
        made, session.event_id, [session.id], [session.pool_id], who.membership_id, now,
        now + timedelta(days=1),
    )  # fmt: skip
    return made


async def a_mandate(world: World, who: Resident, partner: UUID) -> UUID:
    made, now = uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO identity.mandate"
        " (region_id, id, partner_id, person_id, powers, proof, starts_on, ends_on, created_at)"
        " VALUES (1, $1, $2, $3, '{book}', 'signed_paper', $4, $5, $6)",
        made, partner, who.person_id, now.date(), now.date() + timedelta(days=90), now,
    )  # fmt: skip
    return made


def as_resident(world: World, who: Resident) -> Callable[[], Awaitable[object]]:
    return lambda: world.sign_in(who)


def workers(
    world: World, lotte: Resident, session: Session, service: UUID, other_service: UUID
) -> dict[str, Callable[[], Awaitable[object]]]:
    return {
        "clerk": lambda: at_counter(world, lotte),
        "clerk of another town": lambda: world.sign_in_staff("clerk", refnis=NINOVE),
        "clerk of another region": lambda: world.sign_in_staff("clerk", region_id=2),
        "organiser": lambda: world.sign_in_staff("organiser", organiser_id=session.organiser_id),
        "social worker": lambda: world.sign_in_staff("social_worker", partner_id=service),
        "social worker of another service": lambda: world.sign_in_staff(
            "social_worker", partner_id=other_service
        ),
        "programme officer": lambda: world.sign_in_staff("programme_officer"),
        "auditor": lambda: world.sign_in_staff("auditor"),
    }


async def at_counter(world: World, who: Resident) -> None:
    """The pass is shown, which permits a clerk to book for them."""
    await world.sign_in_staff("clerk", refnis=AALST)
    await world.post_form("/dender/balie", wie=who.token)


async def live_in_aalst(world: World, who: Resident) -> None:
    await world.execute("UPDATE passes.membership SET refnis = $2 WHERE id = $1", who.membership_id, AALST)
    await world.execute("UPDATE passes.card SET kind = 'paper' WHERE id = $1", who.card_id)
    await world.execute("UPDATE identity.person SET refnis = $2 WHERE id = $1", who.person_id, AALST)


async def a_household(world: World, *members: Resident) -> UUID:
    made = uuid4()
    for each in members:
        await world.execute(
            "INSERT INTO passes.household_member (region_id, household_id, membership_id, starts_on)"
            " VALUES (1, $1, $2, $3)",
            made, each.membership_id, world.clock.now().date() - timedelta(days=1),
        )  # fmt: skip
    return made


@pytest.fixture
async def town(world: World) -> World:
    for refnis in (AALST, NINOVE):
        await world.municipality(refnis)
        await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", refnis)
    return world


def test_every_address_that_names_something_of_a_person_is_in_the_table(world: World) -> None:
    named = {(method, path) for method, path, _ in rows_of(world.app) if NAMES_A_PERSON.search(path)}

    assert named == {(method, path) for method, path, _ in rows_of_table() if "?" not in path}


@pytest.mark.parametrize(
    ("method", "path", "promised"), [pytest.param(*row, id=" ".join(row[:2])) for row in rows_of_table()]
)
async def test_it_opens_for_whom_the_table_says(
    town: World, method: str, path: str, promised: dict[str, str]
) -> None:
    scene = await a_scene(town)
    assert promised.keys() == scene.come_in.keys()
    if "/wachtkamer/" in path:
        await a_room(town, scene.session)

    in_order = sorted(promised, key=LAST.__contains__)
    opened = {relation: await opens(town, scene, relation, method, path) for relation in in_order}

    assert opened == promised


async def opens(world: World, scene: Scene, relation: str, method: str, path: str) -> str:
    """What they get, as the table says it; a form may still say what is missing in it."""
    world.client.cookies.clear()
    await scene.come_in[relation]()
    if NEEDS_PERMISSION.search(path) or "/toestemming/" in path:
        known = {"permission_id": uuid4(), "soort": "known"}
        await world.post_form(f"/dender/balie/personen/{scene.ids['membership_id']}/toestemming", **known)
    unknown = {name: str(uuid4()) for name in ("ask_id", "new_id", "merge_id")}
    ids = {"region": "dender", "document": "a6.pdf"} | unknown | scene.ids
    address = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)
    acts = await world.value("SELECT count(*) FROM uit.audit")
    if method == "POST":
        fields = {name: str(uuid4()) for name in IDS_OF_FORMS} | {"programme_id": ids["programme_id"]}
        kind = "slip" if path.endswith("/aanmeldcode") else "paper"
        answer = await world.post_form(address, kind=kind, consent="true", **fields)
    else:
        answer = await world.client.get(address, follow_redirects=False)
    if refused(answer) or answer.status_code == 404 or ("?voor=" in path and "Lotte" not in answer.text):
        return NOTHING_HERE
    is_same = acts == await world.value("SELECT count(*) FROM uit.audit")
    return "nothing" if is_same and answer.status_code == 303 else "yes"
