"""No browser stops a form that is not filled in: each says itself what is missing, and nothing goes wrong."""

from tests.builders import World
from tests.test_audit import DESKS
from uit.web.form import read_id

BROKEN = 500
HIDDEN = {"no"}


def emptied(fields: dict[str, object]) -> dict[str, object]:
    """What a browser sends of a form in which nothing was typed: what the page itself put in it."""
    return {name: value if name in HIDDEN or read_id(str(value)) else "" for name, value in fields.items()}


async def test_a_form_of_a_desk_that_is_not_filled_in_says_so_on_its_page(world: World) -> None:
    wrong = {}
    for desk in DESKS:
        async for deed in desk(world):
            staff_id = await world.sign_in_staff(
                deed.role, region_id=deed.region_id, organiser_id=deed.organiser_id, refnis=deed.refnis
            )
            await world.execute(
                "UPDATE credits.till_session SET opened_by = $2 WHERE id = $1", deed.till_session_id, staff_id
            )
            empty = await world.post_form(deed.address, **emptied(deed.fields))
            await world.post_form(deed.address, **deed.fields)
            is_told = empty.status_code != 422 or 'id="problems"' in empty.text
            if empty.status_code == BROKEN or not is_told:
                wrong[deed.address] = empty.status_code

    assert wrong == {}
