"""A member of staff sees where they are signed in, ends it, and is told when it was not them."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest
from httpx import AsyncClient

from tests.builders import World
from tests.identity.staff.authenticator import Authenticator, ceremony_on
from tests.identity.steps import (
    ANOTHER,
    PASSWORD,
    Hired,
    browser_from,
    code_now,
    hire,
    invitation,
    link_in_mail,
    secret_behind,
    send,
)
from uit.core.secret import digest
from uit.database.outbox import Deliverer
from uit.entrypoints.topics import topics
from uit.web.cookie import DEVICE_COOKIE, SESSION_COOKIE

MINUTE: Final = timedelta(minutes=1)
FIREFOX: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
)


async def deliver(world: World) -> None:
    """All that waits in the outbox, as the worker delivers it: of one key one after the other."""
    services = world.services
    deliverer = Deliverer(services.database, world.clock, services.ids, topics(services))
    while (await deliverer.deliver_due()).count:
        pass


async def enter(world: World, browser: AsyncClient, hired: Hired) -> int:
    """Sign in with both factors, in a browser of their own; a minute later."""
    await send(browser, "/team/aanmelden", "/team/aanmelden", email=hired.email, password=PASSWORD)
    code = code_now(world, hired.secret)
    answer = await send(browser, "/team/code", "/team/code", code=code)
    world.clock.move(MINUTE)
    return answer.status_code


async def make_passkey(world: World, browser: AsyncClient, hired: Hired, made: Authenticator) -> None:
    options, state = ceremony_on((await browser.get("/team/toegang")).text)
    fields = {"name": "Laptop", "code": code_now(world, hired.secret), "state": state}
    path = "/team/toegang/passkey"
    answer = await send(browser, path, "/team/toegang", credential=made.make(options), **fields)
    assert answer.status_code == 303
    world.clock.move(MINUTE)


async def enter_by_passkey(browser: AsyncClient, made: Authenticator) -> int:
    options, state = ceremony_on((await browser.get("/team/aanmelden")).text)
    fields = {"credential": made.sign(options), "state": state}
    answer = await send(browser, "/team/aanmelden/passkey", "/team/aanmelden", **fields)
    return answer.status_code


@pytest.fixture
async def hired(world: World) -> Hired:
    return await hire(world)


@pytest.fixture
async def desk(world: World) -> AsyncIterator[AsyncClient]:
    async with browser_from(world, "192.0.2.7") as browser:
        browser.headers["User-Agent"] = FIREFOX
        yield browser


@pytest.fixture
async def phone(world: World) -> AsyncIterator[AsyncClient]:
    async with browser_from(world, "2001:db8:1:2:3::4") as browser:
        browser.headers["User-Agent"] = IPHONE
        yield browser


async def is_in(browser: AsyncClient) -> bool:
    return (await browser.get("/team", follow_redirects=False)).status_code == 200


async def test_the_list_says_since_when_by_what_and_roughly_from_where(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    await enter(world, desk, hired)
    await enter(world, phone, hired)

    page = (await desk.get("/team/toegang")).text

    assert page.count("Dit toestel") == 1
    for words in ("Firefox, Linux", "192.0.2.0/24", "Safari, iPhone", "2001:db8:1::/48"):
        assert words in page
    assert "192.0.2.7" not in page
    assert desk.cookies[SESSION_COOKIE] not in page


async def test_one_session_is_ended_and_its_device_is_not_known_any_more(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    await enter(world, desk, hired)
    await enter(world, phone, hired)
    named = digest("session", phone.cookies[SESSION_COOKIE]).hex()

    answer = await send(desk, "/team/toegang/beeindigen", "/team/toegang", session=named)

    assert answer.headers["location"] == "/team/toegang?gedaan=toestel"
    assert (await is_in(desk), await is_in(phone)) == (True, False)
    assert (
        await world.value("SELECT count(*) FROM identity.device") == 2
    )  # this one, and that of the invitation
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'staff.session.end'") == 1


async def test_all_others_are_ended_and_this_one_stays(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    await enter(world, desk, hired)
    await enter(world, phone, hired)

    await send(desk, "/team/toegang/andere-beeindigen", "/team/toegang")

    assert (await is_in(desk), await is_in(phone)) == (True, False)
    assert await world.value("SELECT count(*) FROM identity.device") == 1
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'staff.session.end_others'") == 1


@pytest.mark.parametrize("session", ["", "zz", "00" * 32])
async def test_what_is_no_session_of_theirs_is_not_found(
    world: World, hired: Hired, desk: AsyncClient, session: str
) -> None:
    await enter(world, desk, hired)

    answer = await send(desk, "/team/toegang/beeindigen", "/team/toegang", session=session)

    assert answer.status_code == 404


async def test_a_session_of_a_colleague_cannot_be_ended(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    other = await hire(world, email="bob@example.org")
    await enter(world, phone, other)
    await enter(world, desk, hired)
    named = digest("session", phone.cookies[SESSION_COOKIE]).hex()

    answer = await send(desk, "/team/toegang/beeindigen", "/team/toegang", session=named)

    assert (answer.status_code, await is_in(phone)) == (404, True)


async def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(
    world: World, hired: Hired, desk: AsyncClient
) -> None:
    await enter(world, desk, hired)
    await enter(world, desk, hired)

    await deliver(world)

    (mail,) = world.mails
    body = mail.get_body(("plain",))
    assert body
    text = body.get_content()
    assert (mail["To"], mail["Subject"]) == (hired.email, "Nieuw toestel aangemeld")
    assert "Firefox, Linux" in text
    for secret in ("192.0.2", desk.cookies[SESSION_COOKIE], desk.cookies[DEVICE_COOKIE], "code"):
        assert secret not in text


async def test_who_it_was_not_ends_that_session_from_the_mail(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    await enter(world, phone, hired)
    await deliver(world)
    link = link_in_mail(world, "/team/niet-ik/")

    asked = await desk.get(link)
    still = await is_in(phone)
    done = await send(desk, link, link)
    again = await send(desk, link, link)

    assert (asked.status_code, still) == (200, True)
    assert "is afgemeld" in done.text
    assert again.status_code == 200
    assert not await is_in(phone)
    known = await world.value(
        "SELECT count(*) FROM identity.device AS d JOIN identity.session AS s ON s.device_digest = d.digest"
        " WHERE s.digest = $1",
        digest("session", phone.cookies[SESSION_COOKIE]),
    )
    assert known == 0


async def test_a_passkey_that_a_stranger_made_goes_and_an_older_one_stays(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    await enter(world, desk, hired)
    own, theirs = Authenticator(), Authenticator()
    await make_passkey(world, desk, hired, own)
    await deliver(world)
    await enter(world, phone, hired)
    await deliver(world)
    link = link_in_mail(world, "/team/niet-ik/")
    await make_passkey(world, phone, hired, theirs)

    asked = await desk.get(link)
    done = await send(desk, link, link)

    assert "Passkeys die sinds die aanmelding gemaakt zijn" in asked.text
    assert "Passkeys die sinds die aanmelding gemaakt zijn, werken niet meer." in done.text
    assert [row["id"] for row in await world.rows("SELECT id FROM identity.passkey")] == [own.id]
    assert await enter_by_passkey(phone, theirs) == 403
    assert (await is_in(desk), await is_in(phone)) == (True, False)
    (act,) = await world.rows(
        "SELECT actor_id, facts::text FROM uit.audit WHERE act = 'staff.session.not_mine'"
    )
    assert (act["actor_id"], json.loads(act["facts"])) == (
        str(hired.staff_id),
        {"sessions": 1, "passkeys": 1},
    )


async def told_of_change(world: World) -> tuple[str, str, str]:
    """To whom the last mail is, its subject, and its text."""
    await deliver(world)
    body = world.mails[-1].get_body(("plain",))
    assert body
    return world.mails[-1]["To"], world.mails[-1]["Subject"], body.get_content()


async def test_who_owns_a_passkey_is_told_when_it_is_added_and_removed(
    world: World, hired: Hired, desk: AsyncClient
) -> None:
    await enter(world, desk, hired)
    await deliver(world)
    made = Authenticator()
    await make_passkey(world, desk, hired, made)
    to, subject, added = await told_of_change(world)
    await send(desk, "/team/toegang/passkey/verwijderen", "/team/toegang", passkey=made.id.hex())
    removed = await told_of_change(world)

    assert (to, subject) == (hired.email, "Nieuwe passkey")
    assert f"{world.services.settings.address}/team/toegang" in added.splitlines()
    assert removed[:2] == (hired.email, "Passkey verwijderd")
    for secret in ("Laptop", made.id.hex(), desk.cookies[SESSION_COOKIE], "192.0.2"):
        assert secret not in added + removed[2]


async def test_a_passkey_that_is_refused_is_not_told(world: World, hired: Hired, desk: AsyncClient) -> None:
    await enter(world, desk, hired)
    await deliver(world)
    before = len(world.mails)
    fields = {"name": "Laptop", "code": code_now(world, hired.secret), "state": "", "credential": "{}"}
    await send(desk, "/team/toegang/passkey", "/team/toegang", **fields)

    await deliver(world)

    assert len(world.mails) == before


async def test_who_is_let_in_by_another_invitation_is_told_and_a_newcomer_is_not(
    world: World, hired: Hired
) -> None:
    await deliver(world)
    newcomer = len(world.mails)
    path = await invitation(world, hired.email)
    await world.post_form(path, password=ANOTHER)
    code = code_now(world, secret_behind(world, path))
    await world.post_form(f"{path}/code", code=code)
    to, subject, text = await told_of_change(world)

    assert (newcomer, len(world.mails)) == (0, 1)
    assert (to, subject) == (hired.email, "Je toegang is vernieuwd")
    assert path not in text
    assert code not in text


async def test_what_a_stranger_opened_with_their_passkey_on_that_device_ends_too(
    world: World, hired: Hired, desk: AsyncClient, phone: AsyncClient
) -> None:
    await enter(world, phone, hired)
    await deliver(world)
    link = link_in_mail(world, "/team/niet-ik/")
    theirs = Authenticator()
    await make_passkey(world, phone, hired, theirs)
    await send(phone, "/afmelden", "/team/toegang")
    assert await enter_by_passkey(phone, theirs) == 303

    await send(desk, link, link)
    await send(desk, link, link)

    assert not await is_in(phone)
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'staff.session.not_mine'") == 1


async def test_nobody_makes_such_a_link(world: World, hired: Hired, phone: AsyncClient) -> None:
    await enter(world, phone, hired)
    await deliver(world)
    link = link_in_mail(world, "/team/niet-ik/")

    for wrong in (
        f"{link}x",
        link[:-8],
        "/team/niet-ik/é",
        "/team/niet-ik/%00",
        f"/team/niet-ik/{'A' * 107}",
    ):
        assert (await world.client.get(wrong)).status_code == 410, wrong
        assert (await world.post_form(wrong)).status_code == 410, wrong
    assert await is_in(phone)


async def test_who_signs_out_at_once_hides_nothing(world: World, hired: Hired, desk: AsyncClient) -> None:
    await enter(world, desk, hired)
    await send(desk, "/afmelden", "/team/toegang")

    await deliver(world)

    assert [mail["To"] for mail in world.mails] == [hired.email]
