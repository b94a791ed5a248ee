"""Who may enter where: the full matrix of visitors and routes, against the table that people read."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from httpx import Response
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.builders import World
from uit.web.form_token import FIELD

TABLE = Path(__file__).parents[1] / "docs" / "access.md"
ROW = re.compile(r"^\| (GET|POST|PUT|DELETE|PATCH) \| `(\S+)` \| (.+) \|$", re.MULTILINE)
REGIONAL = (
    "clerk",
    "programme_officer",
    "financial_director",
    "auditor",
    "region_officer",
)
ANY_STAFF = {"staff", "staff on their way in"}
WITHIN_TOWN = "each within their municipality"
FLEMISH = ("tourism_officer", "assessor", "jury_member")
AALST, NINOVE = "41002", "41048"
REGIONS = {"platform": 0, "dender": 1, "kust": 2}


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door: `kind` as the table says it, and where their role holds."""

    name: str
    kind: str
    region: str | None = None
    organiser_id: UUID | None = None
    refnis: str | None = None
    partner_id: UUID | None = None


def rows_of(app: Litestar) -> Iterator[tuple[str, str, str]]:
    """Every route of the application as the table should have it."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if isinstance(handler, HTTPRouteHandler):
                for method in handler.http_methods - {"HEAD", "OPTIONS"}:
                    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path_format or route.path)
                    yield str(method), path, str(handler.opt.get("access", "nobody"))


def rows_of_table() -> list[tuple[str, str, str]]:
    _, _, every_address = TABLE.read_text().partition("\n## Every address\n")
    return [(method, path, who) for method, path, who in ROW.findall(every_address)]


def may_enter(visitor: Visitor, path: str, who: str) -> bool:
    """What the table promises: the kind is named, and the role holds for what the path names."""
    if who == "anybody":
        return True
    names = {name.strip().partition(" that may ")[0] for name in who.split(",")}
    if names & ANY_STAFF:
        return visitor.region is not None
    if visitor.kind not in names:
        return False
    if visitor.region is None:
        return True
    if visitor.organiser_id is not None and "{organiser_id}" not in path:
        return False
    if visitor.refnis is not None and "{refnis}" in path:
        return visitor.refnis == AALST
    if visitor.refnis is not None and WITHIN_TOWN not in names:
        return False
    if visitor.partner_id is not None or "{partner_id}" in path:
        return "{partner_id}" in path and visitor.region == "dender" and visitor.partner_id == OUR_PARTNER
    named = "dender" if "{region}" in path else "platform"
    return visitor.region == named and visitor.organiser_id in (None, OUR_ORGANISER)


OUR_ORGANISER, OTHER_ORGANISER = uuid4(), uuid4()
OUR_PARTNER, OTHER_PARTNER = uuid4(), uuid4()


def refused(answer: Response) -> bool:
    """Turned away at the door: not recognised, not allowed, or sent to sign in."""
    away = answer.headers.get("location", "").startswith(
        ("/aanmelden", "/team/aanmelden", "/team/code", "/team/eigen-pas")
    )
    return answer.status_code in {401, 403} or (answer.status_code == 303 and away)


async def test_no_two_pages_have_one_address(world: World) -> None:
    """Of two that differ in the names of what they are given alone, one would never be reached."""
    shapes = [(method, re.sub(r"\{\w+\}", "{}", path)) for method, path, _ in rows_of(world.app)]

    assert [shape for shape in set(shapes) if shapes.count(shape) > 1] == []


async def test_the_table_of_access_is_what_the_routes_say(world: World) -> None:
    assert sorted(rows_of_table()) == sorted(set(rows_of(world.app)))


async def test_options_names_the_methods_of_every_address_and_nothing_else(world: World) -> None:
    allowed: dict[str, set[str]] = {}
    for method, path, _ in rows_of_table():
        allowed.setdefault(path, {"OPTIONS"}).add(method)

    for path, methods in allowed.items():
        answer = await world.client.options(address(path))
        assert (answer.status_code, answer.content) == (204, b""), path
        assert set(answer.headers["allow"].split(", ")) - {"HEAD"} == methods


async def test_every_visitor_enters_where_the_table_says_and_nowhere_else(world: World) -> None:
    surprises = []
    for visitor, come_in in await visitors(world):
        headers = await come_in()
        for method, path, who in rows_of_table():
            if "on their way in" in who and visitor.region:
                continue  # they are past that page; what it refuses is a wrong code
            if who == "anybody" or path.startswith(("/schema", "/api/v1/echo")):
                continue
            answer = await world.client.request(
                method,
                address(path),
                headers=headers,
                data={FIELD: await world.form_token()} if method == "POST" else None,
                follow_redirects=False,
            )
            if refused(answer) is may_enter(visitor, path, who):
                surprises.append(f"{visitor.name}: {method} {path} {answer.status_code}")
            if path == "/afmelden" or answer.headers.get("set-cookie", "").startswith("uit_session="):
                headers = await come_in()
    assert not surprises, "\n".join(surprises)


def address(path: str) -> str:
    """The path with our region, organiser and municipality in it, and ids of nothing elsewhere."""
    known = {
        "region": "dender",
        "organiser_id": str(OUR_ORGANISER),
        "partner_id": str(OUR_PARTNER),
        "refnis": AALST,
        "part": "0",
        "year": "2025",
    }
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], str(uuid4())), path)


def staff() -> Iterator[Visitor]:
    """Every role where it can hold: for a region, an organiser or a municipality of it, or Flanders."""
    for role in REGIONAL:
        for slug in ("dender", "kust"):
            yield Visitor(f"{role} of {slug}", role, slug)
        yield Visitor(f"{role} of Aalst", role, "dender", refnis=AALST)
    for role in FLEMISH:
        yield Visitor(role, role, "platform")
        yield Visitor(f"{role} of dender", role, "dender")
        yield Visitor(f"{role} of Aalst", role, "platform", refnis=AALST)
    for role in ("organiser", "box_office"):
        for whose, organiser_id in (("ours", OUR_ORGANISER), ("another", OTHER_ORGANISER)):
            yield Visitor(f"{role} of {whose}", role, "dender", organiser_id)
    for whose, partner_id in (("ours", OUR_PARTNER), ("another", OTHER_PARTNER)):
        for role in ("group_worker", "social_worker"):
            yield Visitor(f"{role} of {whose}", role, "dender", partner_id=partner_id)
    yield Visitor("group_worker of kust", "group_worker", "kust", partner_id=OUR_PARTNER)
    yield Visitor("social_worker of nobody", "social_worker", "dender")
    for slug in ("platform", "dender"):
        for refnis in (AALST, NINOVE):
            yield Visitor(f"municipality {refnis} by {slug}", "municipality", slug, refnis=refnis)


async def visitors(world: World) -> list[tuple[Visitor, Callable[[], Awaitable[dict[str, str]]]]]:
    """Everybody who may come along, with how they come in: by cookies, or by the headers they send."""
    resident = await world.resident()
    client = await world.api_client()
    holder = await world.holder_headers(resident)
    for refnis in (AALST, NINOVE):
        await world.municipality(refnis)

    def by_header(headers: dict[str, str]) -> Callable[[], Awaitable[dict[str, str]]]:
        async def come_in() -> dict[str, str]:
            world.client.cookies.clear()
            return headers

        return come_in

    def by_role(visitor: Visitor) -> Callable[[], Awaitable[dict[str, str]]]:
        async def come_in() -> dict[str, str]:
            world.client.cookies.clear()
            await world.sign_in_staff(
                visitor.kind,
                region_id=REGIONS[visitor.region or "platform"],
                organiser_id=visitor.organiser_id,
                refnis=visitor.refnis,
                partner_id=visitor.partner_id,
            )
            return {}

        return come_in

    async def as_resident() -> dict[str, str]:
        world.client.cookies.clear()
        await world.sign_in(resident)
        return {}

    return [
        (Visitor("nobody", "nobody"), by_header({})),
        (Visitor("resident", "resident"), as_resident),
        (Visitor("client", "client"), by_header(client)),
        (Visitor("holder", "holder"), by_header(holder)),
        *((visitor, by_role(visitor)) for visitor in staff()),
    ]
