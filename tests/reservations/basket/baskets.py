"""A basket in the tests: what its page shows, and the form as a browser sends it."""

import re
from html import unescape
from typing import Any

from httpx import Response

from tests.builders import Session, World

MANDJE = "/dender/mandje"
FIELD = re.compile(r"<input(?P<attributes>[^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


async def put_in(world: World, *sessions: Session, **places: int) -> None:
    for session in sessions:
        numbers = {f"plaatsen-{code}": number for code, number in places.items()}
        answer = await world.post_form(f"{MANDJE}/{session.id}", **numbers)
        assert (answer.status_code, answer.headers["location"]) == (303, MANDJE)


async def look(world: World) -> str:
    answer = await world.client.get(MANDJE)
    assert answer.status_code == 200
    return words(answer)


def words(answer: Response) -> str:
    return " ".join(unescape(answer.text).split())


def fields_of(answer: Response) -> dict[str, str]:
    """The fields of the form as a browser would send them, whatever button is pressed."""
    fields = {}
    for found in FIELD.finditer(answer.text):
        own = dict(ATTRIBUTE.findall(found["attributes"]))
        name, is_chosen = own.get("name", ""), "checked" in found["attributes"].split()
        if name and name != "_csrf_token" and (own.get("type") != "radio" or is_chosen):
            fields[name] = unescape(own.get("value", ""))
    return fields


async def press(world: World, step: str, **changed: Any) -> Response:
    """Press a button of the page as it is now, with some fields filled in otherwise."""
    fields = fields_of(await world.client.get(MANDJE))
    answer: Response = await world.post_form(MANDJE, **{**fields, "stap": step, **changed})
    return answer
