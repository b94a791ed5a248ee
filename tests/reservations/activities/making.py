"""An activity as a volunteer makes it at the desk, form by form."""

import re
from uuid import UUID, uuid4

from httpx import Response

from tests.builders import World

BOX = re.compile(r'name="(op_\w+)"')
SERIES = re.compile(r'name="reeks" value="([0-9a-f-]+)"')
EVENING = {"day": "2026-03-20", "starts": "20:00", "ends": "22:30"}
HALL = {
    "attendance": "offline",
    "venue": "nieuw",
    "name": "Zaal De Kring",
    "street": "Dorp 1",
    "postal_code": "9300",
    "locality": "Aalst",
}
TWO_PRICES = {
    "rows": "3",
    "name_0": "Gewone prijs",
    "price_0": "8",
    "whom_0": "anyone",
    "name_1": "Tot 12 jaar",
    "price_1": "4,50",
    "whom_1": "anyone",
    "age_to_1": "12",
}
FORTY = {"places": "40", "closes": "0", "cancel": "24"}


TUESDAYS = {
    "weekday_1": "true",
    "starts": "20:00",
    "ends": "22:00",
    "first": "2026-04-14",
    "last": "2026-05-05",
    "every": "1",
    "reeks": "00000000-0000-4000-8000-000000000001",
}


def home_of(organiser_id: UUID) -> str:
    return f"/dender/organisaties/{organiser_id}/activiteiten"


async def begin(world: World, organiser_id: UUID, title: str = "Quiz van de harmonie") -> str:
    """The address of a new draft, with its organiser signed in."""
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    event_id = uuid4()
    answer = await world.post_form(
        f"{home_of(organiser_id)}/nieuw", event_id=event_id, title=title, domain="culture"
    )
    assert answer.status_code == 303, answer.text
    return f"{home_of(organiser_id)}/{event_id}"


async def fill_in(world: World, this: str) -> None:
    """All that an activity needs before it can be published."""
    for path, fields in {
        "waar": HALL | {"venue_id": str(uuid4())},
        "wanneer/eenmalig": EVENING | {"stap": "maak"},
        "prijzen": TWO_PRICES,
        "plaatsen": FORTY,
    }.items():
        answer = await world.post_form(f"{this}/{path}", **fields)
        assert answer.status_code == 303, answer.text


async def published(world: World, organiser_id: UUID, title: str = "Quiz van de harmonie") -> str:
    this = await begin(world, organiser_id, title)
    await fill_in(world, this)
    answer: Response = await world.post_form(f"{this}/publiceren")
    assert answer.headers["location"] == f"{this}?gedaan=gepubliceerd", answer.text
    return this


async def made(world: World, this: str, kind: str, fields: dict[str, str], *left_out: str) -> Response:
    """Dates of a pattern, but for those that are unticked on the page that shows them."""
    shown = await world.post_form(f"{this}/wanneer/{kind}", **fields)
    boxes = [box for box in BOX.findall(shown.text) if not box.endswith(left_out or "-")]
    ticked = dict.fromkeys(boxes, "true")
    reeks = fields.get("reeks") or SERIES.findall(shown.text)[0]
    sent: Response = await world.post_form(
        f"{this}/wanneer/{kind}", **fields | ticked | {"reeks": reeks, "stap": "maak"}
    )
    return sent


def event_of(this: str) -> UUID:
    return UUID(this.rpartition("/")[2])
