"""What somebody does to get in, as the tests take it."""

import re
from datetime import timedelta
from itertools import count
from uuid import UUID

import pyotp
from httpx import ASGITransport, AsyncClient, Response
from msgspec import Struct

from tests.builders import Resident, World
from uit.identity.authentication import SESSION_COOKIE
from uit.identity.sign_in.proof import zero_bits
from uit.identity.staff.staff import Colleague, invite
from uit.identity.staff.totp import secret_of_invitation
from uit.identity.visitor import Role

PASSWORD = "paard batterij nietje correct"  # noqa: S105 - of nobody
ANOTHER = "een ander woord dan dat"
CLERK = Role("clerk", 1, None, None)


async def ask_link(world: World, email: str, wanted: str = "/") -> Response:
    answer: Response = await world.post_form("/aanmelden", email=email, next=wanted)
    return answer


def link_in_mail(world: World, prefix: str = "/aanmelden/") -> str:
    """The path of the link in the last mail."""
    body = world.mails[-1].get_body(("plain",))
    assert body
    found = re.search(rf"https?://testserver\.local({prefix}\S+)", body.get_content())
    assert found
    return found[1]


async def link_of(world: World, resident: Resident, wanted: str = "/") -> str:
    """A fresh link in the mailbox of a resident."""
    await ask_link(world, resident.email, wanted)
    return link_in_mail(world)


async def is_inside(world: World, address: str = "/mijn/toegang") -> bool:
    """Whether the browser is let in at an address that only somebody signed in may see."""
    return (await world.client.get(address, follow_redirects=False)).status_code == 200


def cookie_of(answer: Response, name: str = SESSION_COOKIE) -> str:
    """The Set-Cookie line of a cookie."""
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))


class Hired(Struct, frozen=True):
    """A member of staff who accepted their invitation; `secret` is what their app holds."""

    staff_id: UUID
    email: str
    secret: str


async def invitation(world: World, email: str = "an.claes@example.org", *roles: Role) -> str:
    async with world.services.database.transaction() as tx:
        who = Colleague("An Claes", email, roles or (CLERK,))
        return await invite(tx, who, world.services.ids, world.clock.now())


def secret_behind(world: World, path: str) -> str:
    return secret_of_invitation(world.services.secrets, path.rpartition("/")[2])


def code_now(world: World, secret: str) -> str:
    return pyotp.TOTP(secret).at(world.clock.now())


async def hire(world: World, *roles: Role, email: str = "an.claes@example.org") -> Hired:
    """Invited, password chosen, phone linked; then signed out again, and a minute later."""
    path = await invitation(world, email, *roles)
    secret = secret_behind(world, path)
    await world.post_form(path, password=PASSWORD)
    await world.post_form(f"{path}/code", code=code_now(world, secret))
    world.client.cookies.clear()
    world.clock.move(timedelta(minutes=1))
    staff_id = await world.value("SELECT id FROM identity.staff WHERE email = $1", email)
    return Hired(staff_id, email, secret)


async def give_password(
    world: World, hired: Hired, password: str = PASSWORD, wanted: str = "/team"
) -> Response:
    answer: Response = await world.post_form(
        "/team/aanmelden", email=hired.email, password=password, next=wanted
    )
    return answer


def proof_on(page: str) -> str:
    """The proof of work that a page asks for, found as its script finds it."""
    challenge, bits = re.search(r'data-proof="([^"]+)"', page), re.search(r'data-bits="(\d+)"', page)
    assert challenge
    assert bits
    proofs = (f"{challenge[1]}:{number}" for number in count())
    return next(proof for proof in proofs if zero_bits(proof) >= int(bits[1]))


def browser_from(world: World, address: str) -> AsyncClient:
    """A browser of its own, at another network address."""
    transport = ASGITransport(world.app, raise_app_exceptions=False, client=(address, 1))  # type: ignore[arg-type]
    return AsyncClient(transport=transport, base_url=world.services.settings.address)


async def send(browser: AsyncClient, path: str, page: str, **fields: str) -> Response:
    """Send a form of a page, with the token that the page gives this browser."""
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await browser.get(page)).text)
    assert token
    return await browser.post(path, data={"_csrf_token": token[1], **fields}, follow_redirects=False)
