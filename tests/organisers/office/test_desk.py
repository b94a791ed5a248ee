"""A region's own officer invites colleagues, adds organisers, and lets programs in."""

import re
from asyncio import gather
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from tests.builders import World
from tests.identity.steps import (
    PASSWORD,
    Hired,
    code_now,
    give_password,
    hire,
    invitation,
    is_inside,
    secret_behind,
)
from tests.test_access import AALST, NINOVE
from uit.identity.authentication import SESSION_COOKIE
from uit.identity.visitor import Role
from uit.services.mail import Mailer
from uit.web.problem import titles_of

OFFICE = "/dender/beheer"
EMAIL = "an.claes@example.org"
LINK = re.compile(r"http://testserver\.local(/team/uitnodiging/[\w-]+)")


@pytest.fixture(autouse=True)
async def officer(world: World) -> UUID:
    """Who runs the Dender is signed in."""
    for refnis, region_id in ((AALST, 1), (NINOVE, 2)):
        await world.municipality(refnis)
        await world.execute("INSERT INTO uit.region_municipality VALUES ($1, $2)", region_id, refnis)
    return await world.sign_in_staff("region_officer")


async def invite(world: World, role: str = "clerk", **more: str) -> Response:
    fields = {"name": "An Claes", "email": EMAIL, "role": role, **more}
    answer: Response = await world.post_form(f"{OFFICE}/collegas", **fields)
    return answer


def link_on(page: Response) -> str | None:
    found = LINK.search(page.text)
    return found[1] if found else None


def link_in(world: World) -> str:
    body = world.mails[-1].get_body(("plain",))
    assert body
    found = LINK.search(body.get_content())
    assert found
    return found[1]


async def accept(world: World, path: str) -> None:
    await world.post_form(path, password=PASSWORD)
    await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))


def be(world: World, session: str) -> None:
    """The browser becomes that of somebody else."""
    world.client.cookies.clear()
    world.client.cookies.set(SESSION_COOKIE, session)


async def colleague(world: World, *roles: Role) -> Hired:
    """Somebody who works with these roles already; the officer stays signed in."""
    mine = world.client.cookies[SESSION_COOKIE]
    world.client.cookies.clear()
    hired = await hire(world, *roles, email=EMAIL)
    be(world, mine)
    return hired


async def roles_of(world: World, email: str = EMAIL) -> list[tuple[Any, ...]]:
    rows = await world.rows(
        "SELECT r.region_id, r.role::text, r.organiser_id, r.refnis FROM identity.role AS r"
        " JOIN identity.staff AS s ON s.id = r.staff_id"
        " WHERE s.email = $1 AND r.ends_at IS NULL ORDER BY r.region_id, r.role::text",
        email,
    )
    return [tuple(row) for row in rows]


async def id_of(world: World, email: str = EMAIL) -> UUID:
    found: UUID = await world.value("SELECT id FROM identity.staff WHERE email = $1", email)
    return found


async def acts_of(world: World, officer: UUID) -> list[tuple[Any, ...]]:
    rows = await world.rows(
        "SELECT region_id, act FROM uit.audit WHERE actor_kind = 'staff' AND actor_id = $1 ORDER BY act",
        str(officer),
    )
    return [tuple(row) for row in rows]


# Colleagues


async def test_a_clerk_of_one_town_is_invited_with_a_link_to_hand_over_and_works(
    world: World, officer: UUID
) -> None:
    answer = await invite(world, refnis=AALST)

    path = link_on(answer)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert path
    assert await roles_of(world) == [(1, "clerk", None, AALST)]
    assert await acts_of(world, officer) == [(1, "staff.invite")]
    assert world.mails == []
    await accept(world, path)
    assert (await world.client.get("/dender/balie")).status_code == 200
    assert (await world.client.get(OFFICE)).status_code == 403


async def test_the_link_goes_by_mail_as_well_where_one_asks_for_it(world: World) -> None:
    answer = await invite(world, "programme_officer", mail="true")

    assert "Er is een mail naar an.claes@example.org." in unescape(answer.text)
    assert world.mails[-1]["Subject"] == "Werken met uit in Dender"
    assert link_in(world) == link_on(answer)


async def test_a_role_for_an_organiser_is_for_one_of_the_region(world: World) -> None:
    ours, theirs = await world.organiser(), await world.organiser(2)

    refused = await invite(world, "organiser", organiser=str(theirs))
    nobody = await invite(world, "box_office")
    taken = await invite(world, "organiser", organiser=str(ours))

    assert [each.status_code for each in (refused, nobody, taken)] == [422, 422, 200]
    assert "Kies een organisator." in refused.text
    assert await roles_of(world) == [(1, "organiser", ours, None)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "tourism_officer"}, "Kies een taak."),
        ({"role": "municipality", "refnis": AALST}, "Kies een taak."),
        ({"role": "clerk", "refnis": NINOVE}, "Kies een gemeente van de regio."),
        ({"role": ""}, "Kies een taak."),
        ({"email": "a b@x"}, "Dit is geen e-mailadres."),
        ({"name": " "}, "Vul een naam in."),
    ],
)
async def test_what_is_not_the_officers_to_give_comes_back_and_nobody_is_invited(
    world: World, officer: UUID, fields: dict[str, str], words: str
) -> None:
    answer = await invite(world, **fields)

    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert await world.value("SELECT count(*) FROM identity.staff") == 1
    assert await acts_of(world, officer) == []


async def test_who_can_sign_in_gets_the_role_and_no_link_that_another_could_use(world: World) -> None:
    hired = await colleague(world, Role("auditor", 1, None, None))

    answer = await invite(world, name="Iemand anders", mail="true")

    assert link_on(answer) is None
    body = world.mails[-1].get_body(("plain",))
    assert body
    assert "http://testserver.local/team" in body.get_content().splitlines()
    assert await roles_of(world) == [(1, "auditor", None, None), (1, "clerk", None, None)]
    assert await world.value("SELECT name FROM identity.staff WHERE id = $1", hired.staff_id) == "An Claes"
    assert await world.value("SELECT count(*) FROM identity.link WHERE used_at IS NULL") == 0


async def test_who_works_in_another_region_is_invited_by_an_operator(world: World, officer: UUID) -> None:
    await colleague(world, Role("auditor", 2, None, None))

    answer = await invite(world)

    assert (answer.status_code, link_on(answer)) == (409, None)
    assert "Deze collega werkt al in een andere regio" in answer.text
    assert await roles_of(world) == [(2, "auditor", None, None)]
    assert await acts_of(world, officer) == []


async def test_who_was_invited_elsewhere_too_gets_the_link_in_their_own_mailbox_only(world: World) -> None:
    await invitation(world, EMAIL, Role("auditor", 1, None, None), Role("region_officer", 2, None, None))

    answer = await invite(world)

    assert link_on(answer) is None
    await accept(world, link_in(world))
    assert (await world.client.get("/kust/beheer")).status_code == 200


async def test_a_link_of_one_region_opens_nothing_that_another_gave_since(world: World) -> None:
    path = link_on(await invite(world))
    assert path

    await invitation(world, EMAIL, Role("region_officer", 2, None, None))

    assert (await world.client.get(path)).status_code == 410


async def test_a_lost_phone_is_replaced_by_mail_and_never_on_the_page(world: World, officer: UUID) -> None:
    hired = await colleague(world, Role("clerk", 1, None, None))

    answer = await world.post_form(f"{OFFICE}/collegas/{hired.staff_id}/uitnodigen")

    assert (answer.status_code, link_on(answer)) == (200, None)
    assert await acts_of(world, officer) == [(1, "staff.invite_again")]
    await accept(world, link_in(world))
    assert await is_inside(world, "/team")


async def test_a_first_link_that_lapsed_is_made_again(world: World) -> None:
    first = link_on(await invite(world))

    answer = await world.post_form(f"{OFFICE}/collegas/{await id_of(world)}/uitnodigen")

    assert link_on(answer) not in {None, first}


async def test_who_is_ended_is_out_at_once_here_and_stays_elsewhere(world: World, officer: UUID) -> None:
    hired = await colleague(world, Role("clerk", 1, None, None), Role("auditor", 2, None, None))
    mine = world.client.cookies[SESSION_COOKIE]
    world.client.cookies.clear()
    await give_password(world, hired)
    await world.post_form("/team/code", code=code_now(world, hired.secret))
    theirs = world.client.cookies[SESSION_COOKIE]
    assert await is_inside(world, "/dender/balie")
    be(world, mine)

    answer = await world.post_form(f"{OFFICE}/collegas/{hired.staff_id}/stoppen")

    assert answer.headers["location"] == f"{OFFICE}?gedaan=gestopt"
    assert "An Claes, 0" not in (await world.client.get(OFFICE)).text
    assert (
        await world.value("SELECT count(*) FROM identity.role WHERE ends_at IS NULL AND region_id = 2") == 1
    )
    assert await acts_of(world, officer) == [(1, "staff.end")]
    be(world, theirs)
    assert not await is_inside(world, "/team")


async def test_the_last_officer_ends_nobody_like_themself(world: World, officer: UUID) -> None:
    await world.execute("UPDATE identity.staff SET totp_secret = 'x' WHERE id = $1", officer)

    refused = await world.post_form(f"{OFFICE}/collegas/{officer}/stoppen")

    assert refused.status_code == 409
    assert "Iemand moet de regio beheren" in refused.text
    assert (await world.client.get(OFFICE)).status_code == 200
    assert await acts_of(world, officer) == []


@pytest.mark.parametrize("verb", ["stoppen", "uitnodigen"])
async def test_a_colleague_of_another_region_is_unknown_here(world: World, verb: str) -> None:
    await invitation(world, EMAIL, Role("auditor", 2, None, None))

    answer = await world.post_form(f"{OFFICE}/collegas/{await id_of(world)}/{verb}")

    assert answer.status_code == 404
    assert await roles_of(world) == [(2, "auditor", None, None)]


async def test_when_the_mail_cannot_go_the_page_says_so_and_still_shows_the_link(world: World) -> None:
    vars(world.services)["mailer"] = Mailer("smtp://127.0.0.1:9", "uit <noreply@example.org>")

    answer = await invite(world, mail="true")

    assert titles_of("ground.mail_away")["nl"] in unescape(answer.text)
    assert link_on(answer)
    assert "Er is een mail naar" not in answer.text


# Organisers


async def test_an_organiser_is_added_once_and_listed(world: World, officer: UUID) -> None:
    fields = {"organiser_id": uuid4(), "name": "De Werf", "enterprise_number": "0123.456.749", "email": ""}

    answers = [await world.post_form(f"{OFFICE}/organisatoren", **fields) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert "0123.456.749" in (await world.client.get(answers[0].headers["location"])).text
    assert await acts_of(world, officer) == [(1, "organiser.add")]


async def test_an_organiser_that_is_there_or_cannot_be_comes_back(world: World) -> None:
    await world.organiser(name="De Werf")
    wrong = (
        {"name": "de werf"},
        {"name": ""},
        {"name": "X", "enterprise_number": "1"},
        {"name": "X", "email": "x"},
    )

    answers = [
        await world.post_form(f"{OFFICE}/organisatoren", organiser_id=uuid4(), **fields) for fields in wrong
    ]

    assert [each.status_code for each in answers] == [422] * 4
    assert await world.value("SELECT count(*) FROM organisers.organiser") == 1


# Clients of the API


async def add_client(world: World, organiser_id: UUID, **more: object) -> Response:
    fields = {"name": "Kassa", f"organiser-{organiser_id}": "true", "read": "true", **more}
    answer: Response = await world.post_form(f"{OFFICE}/koppelingen", **fields)
    return answer


def shown_on(page: Response) -> dict[str, str]:
    """The id and the secret of a client on the one page that shows them."""
    found = re.findall(r"<dt>(client_\w+)</dt>\s*<dd>\s*(\S+)\s*</dd>", page.text)
    return dict(found)


async def token(world: World, secret: dict[str, str]) -> dict[str, str]:
    answer = await world.client.post("/oauth/token", data={"grant_type": "client_credentials", **secret})
    return {"Authorization": f"Bearer {answer.json().get('access_token', '')}"}


async def works(world: World, headers: dict[str, str]) -> bool:
    answer = await world.client.get("/api/v1/sessions", headers=headers)
    return bool(answer.status_code == 200)


async def test_a_client_is_added_and_its_secret_shown_once(world: World, officer: UUID) -> None:
    answer = await add_client(world, await world.organiser(), origin="https://tickets.example/")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    secret = shown_on(answer)
    assert await works(world, await token(world, secret))
    assert secret["client_secret"] not in (await world.client.get(f"{OFFICE}/koppelingen")).text
    assert await acts_of(world, officer) == [(1, "client.add")]
    stored = await world.rows("SELECT scopes, return_origins FROM identity.client")
    assert [tuple(row) for row in stored] == [(["read"], ["https://tickets.example"])]


async def test_a_new_secret_stops_the_old_one_and_ending_stops_all(world: World, officer: UUID) -> None:
    first = shown_on(await add_client(world, await world.organiser()))
    headers, page = await token(world, first), f"{OFFICE}/koppelingen/{first['client_id']}"
    assert await works(world, headers)

    second = shown_on(await world.post_form(f"{page}/sleutel"))
    assert not await works(world, headers)
    assert not await works(world, await token(world, first))
    headers = await token(world, second)
    assert await works(world, headers)
    ended = await world.post_form(f"{page}/stoppen")

    assert ended.status_code == 303
    assert not await works(world, headers)
    assert (await world.post_form(f"{page}/sleutel")).status_code == 404
    assert [act for _, act in await acts_of(world, officer)] == [
        "client.add",
        "client.revoke",
        "client.rotate",
    ]


async def test_a_client_that_cannot_be_comes_back_with_what_was_typed(world: World) -> None:
    ours, theirs = await world.organiser(), await world.organiser(2)
    wrong: list[dict[str, Any]] = [
        {"organiser_id": theirs},
        {"organiser_id": ours, "name": ""},
        {"organiser_id": ours, "origin": "https://tickets.example/terug"},
    ]

    answers = [await add_client(world, **fields) for fields in wrong]
    nothing = await world.post_form(f"{OFFICE}/koppelingen", **{"name": "Kassa", f"organiser-{ours}": "true"})

    assert [each.status_code for each in (*answers, nothing)] == [422] * 4
    assert "Schrijf alleen het begin van het adres: https://tickets.example." in unescape(answers[2].text)
    assert await world.value("SELECT count(*) FROM identity.client") == 0


@pytest.mark.parametrize("verb", ["sleutel", "stoppen"])
async def test_a_client_of_another_region_is_unknown_here_and_goes_on(world: World, verb: str) -> None:
    headers = await world.api_client(await world.organiser(2), region_id=2)
    client_id = await world.value("SELECT id FROM identity.client")

    for text in (client_id, "uit_000000000000", "%00"):
        answer = await world.post_form(f"{OFFICE}/koppelingen/{text}/{verb}")
        assert answer.status_code == 404

    assert await works(world, headers)


async def test_of_two_officers_who_stop_each_other_at_once_one_stays(world: World, officer: UUID) -> None:
    await world.execute("UPDATE identity.staff SET totp_secret = 'x' WHERE id = $1", officer)
    await world.sign_in_staff("region_officer")
    await world.execute("UPDATE identity.staff SET totp_secret = 'x'")
    ids = [row[0] for row in await world.rows("SELECT id FROM identity.staff ORDER BY id")]

    answers = await gather(*(world.post_form(f"{OFFICE}/collegas/{each}/stoppen") for each in ids))

    assert sorted(each.status_code for each in answers) == [303, 409]
    assert await world.value("SELECT count(*) FROM identity.role WHERE ends_at IS NULL") == 1
