"""Who had another e-mail address is told so there: who changed it, when, and what to do about it."""

from datetime import date
from email.message import EmailMessage
from uuid import uuid4

import msgspec
import pytest

from tests.builders import World
from tests.identity.access.test_desk import deliver
from tests.passes.counter import open_counter, register
from tests.passes.details.test_desk import change
from tests.passes.membership.test_ending import end
from uit.identity.person.change import change as change_person
from uit.identity.person.change import read_details
from uit.services.audit import Author, Kind

BEFORE, AFTER = "vroeger@example.org", "zoe@example.org"


def said(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def told(world: World) -> list[tuple[str, str]]:
    """To whom it is told, and with what words."""
    await deliver(world)
    found = [each for each in world.mails if each["Subject"] == "Je e-mailadres is gewijzigd"]
    return [(each["To"], said(each)) for each in found]


async def test_the_address_of_before_reads_that_a_counter_changed_it_and_whom_to_call(world: World) -> None:
    await open_counter(world)
    await world.execute("UPDATE uit.region SET help_phone = '053 12 34 56' WHERE id = 1")
    membership_id = await register(world, email=BEFORE)

    await change(world, membership_id, email=AFTER)

    ((to, text),) = await told(world)
    assert to == BEFORE
    assert AFTER not in text
    for words in (
        "Een medewerker aan de balie",
        "2\N{NO-BREAK SPACE}mrt",
        "Was jij dat niet? Bel meteen 053 12 34 56",
    ):
        assert words in text
    waiting = await world.value("SELECT payload::text || key FROM uit.outbox WHERE topic = 'person.email'")
    assert BEFORE not in waiting


@pytest.mark.parametrize(("kind", "words"), [("person", "op je eigen pagina"), ("staff", "aan de balie")])
async def test_it_says_whether_somebody_did_it_by_themselves(world: World, kind: Kind, words: str) -> None:
    await open_counter(world)
    membership_id = await register(world, email=BEFORE)
    person_id = await world.value("SELECT person_id FROM passes.membership WHERE id = $1", membership_id)
    author = Author(1, kind, str(person_id), world.clock.now(), world.services.ids)

    async with world.services.database.transaction() as tx:
        known = await read_details(tx, person_id)
        assert known is not None
        await change_person(tx, author, uuid4(), msgspec.structs.replace(known, email=None))

    ((_, text),) = await told(world)
    assert words in text


async def test_nobody_is_told_of_a_first_address_or_of_another_field(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)

    await change(world, membership_id, email=AFTER)
    await change(world, membership_id, email=AFTER, street="Nieuwstraat")

    assert await told(world) == []


async def test_a_form_that_is_sent_twice_tells_it_once(world: World) -> None:
    await open_counter(world)
    membership_id, form = await register(world, email=BEFORE), uuid4()

    for _ in range(2):
        await change(world, membership_id, email=AFTER, change_id=form)

    assert len(await told(world)) == 1


async def test_who_died_meanwhile_is_told_nothing(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, email=BEFORE)
    await change(world, membership_id, email=AFTER)
    await end(world, membership_id, "died")

    assert await told(world) == []
    assert await world.value("SELECT died_on FROM identity.person") == date(2026, 3, 2)
