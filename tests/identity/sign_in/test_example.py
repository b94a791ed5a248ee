"""One-click sign-in, in the example and nowhere else."""

from uuid import uuid4

from tests.builders import World
from tests.identity.conftest import Opens
from tests.identity.steps import hire, is_inside
from uit.identity.sign_in.example import example_sign_in_path


async def test_one_click_signs_in_as_a_resident_or_as_staff_with_their_second_factor(town: Opens) -> None:
    async with town(example=True) as world:
        anna, hired = await world.resident(), await hire(world)
        secrets = world.services.secrets

        as_anna = await world.client.get(example_sign_in_path(secrets, "person", anna.person_id))
        assert as_anna.headers["location"] == "/"
        assert await is_inside(world)

        as_staff = await world.client.get(example_sign_in_path(secrets, "staff", hired.staff_id))
        assert as_staff.headers["location"] == "/team"
        assert await is_inside(world, "/team")


async def test_outside_the_example_the_address_is_not_there(world: World) -> None:
    anna = await world.resident()

    answer = await world.client.get(example_sign_in_path(world.services.secrets, "person", anna.person_id))

    assert answer.status_code == 404
    assert not await is_inside(world)


async def test_a_key_that_we_did_not_make_opens_nothing(town: Opens) -> None:
    async with town(example=True) as world:
        anna, bilal = await world.resident(), await world.resident()
        good = example_sign_in_path(world.services.secrets, "person", anna.person_id)
        forged = [
            good[:-1],
            good.replace("person.", "staff."),
            good.replace(anna.person_id.hex, bilal.person_id.hex),
            "/voorbeeld/aanmelden/person..",
            "/voorbeeld/aanmelden/%C3%A9.%C3%A9.%C3%A9",
            example_sign_in_path(world.services.secrets, "person", uuid4()),
            example_sign_in_path(world.services.secrets, "staff", uuid4()),
        ]

        assert {(await world.client.get(path)).status_code for path in forged} == {404}
        assert not await is_inside(world)
