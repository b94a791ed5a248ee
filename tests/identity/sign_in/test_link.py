"""Residents come in by a link in their mail."""

from asyncio import gather
from datetime import timedelta

import pytest

from tests.builders import World
from tests.identity.conftest import Opens
from tests.identity.steps import (
    ask_link,
    browser_from,
    cookie_of,
    is_inside,
    link_in_mail,
    link_of,
    proof_on,
    send,
)
from uit.identity.authentication import SESSION_COOKIE
from uit.identity.sign_in.example import example_sign_in_path
from uit.identity.sign_in.mail import LINKS_PER_ADDRESS
from uit.identity.sign_in.pages import LINKS_PER_DEVICE
from uit.web.cookie import DEVICE_COOKIE


async def test_a_link_in_the_mail_lets_a_resident_in_and_brings_them_where_they_were_going(
    world: World,
) -> None:
    anna = await world.resident()

    link = await link_of(world, anna, wanted="/dender/agenda?plaats=Aalst")
    answer = await world.post_form(link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/dender/agenda?plaats=Aalst")
    assert await is_inside(world)


async def test_the_mail_is_for_people_and_says_how_long_the_link_works(world: World) -> None:
    anna = await world.resident()

    link = await link_of(world, anna)

    mail = world.mails[-1]
    assert (mail["To"], mail["Subject"]) == (anna.email, "Je link voor uit")
    html = mail.get_body(("html",))
    assert html
    assert link in html.get_content()
    assert "15 minuten" in html.get_content()


async def test_looking_at_a_link_does_not_use_it_up(world: World) -> None:
    link = await link_of(world, await world.resident())

    looks = [await world.client.get(link) for _ in range(3)]

    assert [look.status_code for look in looks] == [200, 200, 200]
    assert not await is_inside(world)
    assert (await world.post_form(link)).status_code == 303


async def test_a_link_works_once(world: World) -> None:
    link = await link_of(world, await world.resident())
    await world.post_form(link)
    world.client.cookies.clear()

    again, look = await world.post_form(link), await world.client.get(link)

    assert (again.status_code, look.status_code) == (410, 410)
    assert "werkt niet meer" in again.text
    assert not await is_inside(world)


async def test_a_link_works_for_fifteen_minutes(world: World) -> None:
    link = await link_of(world, await world.resident())

    world.clock.move(timedelta(minutes=15))

    assert (await world.post_form(link)).status_code == 410
    assert not await is_inside(world)


async def test_a_link_that_never_was_is_refused_like_a_used_one(world: World) -> None:
    answer = await world.post_form("/aanmelden/niet-van-ons%00%F0%9F%8E%AD")

    assert answer.status_code == 410


async def test_the_answer_does_not_tell_whether_we_know_an_address(world: World) -> None:
    anna = await world.resident()

    known, unknown = await ask_link(world, anna.email), await ask_link(world, "niemand@example.org")

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known.text.replace(anna.email, "x") == unknown.text.replace("niemand@example.org", "x")
    assert [mail["To"] for mail in world.mails] == [anna.email]


async def test_capitals_and_spaces_around_an_address_do_not_matter(world: World) -> None:
    anna = await world.resident()

    await ask_link(world, f"  {anna.email.upper()} ")

    assert [mail["To"] for mail in world.mails] == [anna.email]


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "a@b", "a b@c.be", "a\x00@c.be", "a@b.be\r\nBcc: c@d.be"]
)
async def test_what_is_no_address_is_asked_again_with_what_was_typed(world: World, email: str) -> None:
    answer = await ask_link(world, email)

    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert world.mails == []


@pytest.mark.parametrize(
    "change", ["ended_at = '2026-01-01'", "died_on = '2026-01-01'", "merged_into = (SELECT id FROM other)"]
)
async def test_nobody_comes_in_as_somebody_who_left_died_or_was_merged(world: World, change: str) -> None:
    anna, other = await world.resident(), await world.resident()
    await world.execute(
        f"WITH other AS (SELECT $2::uuid AS id) UPDATE identity.person SET {change} WHERE id = $1",
        anna.person_id,
        other.person_id,
    )

    await ask_link(world, anna.email)

    assert world.mails == []


async def test_the_database_keeps_no_secret_of_link_or_session(world: World) -> None:
    link = await link_of(world, await world.resident())
    answer = await world.post_form(link)

    kept = await world.value(
        "SELECT string_agg(t::text, '') FROM (SELECT to_jsonb(l) FROM identity.link AS l"
        " UNION ALL SELECT to_jsonb(s) FROM identity.session AS s) AS t"
    )
    secret = cookie_of(answer).partition("=")[2].partition(";")[0]
    assert secret
    assert secret not in kept
    assert link.rpartition("/")[2] not in kept


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://kwaad.example",
        "//kwaad.example",
        "/\\kwaad.example",
        "/\t/kwaad.example",
        "javascript:alert(1)",
        "",
    ],
)
async def test_a_link_never_leads_to_another_site(world: World, elsewhere: str) -> None:
    link = await link_of(world, await world.resident(), wanted=elsewhere)

    answer = await world.post_form(link)

    assert answer.headers["location"] == "/"


async def test_signing_in_gives_a_new_session_and_ends_the_one_before(world: World) -> None:
    anna = await world.resident()
    await world.post_form(await link_of(world, anna))
    first = world.client.cookies[SESSION_COOKIE]

    await world.post_form(await link_of(world, anna))

    assert world.client.cookies[SESSION_COOKIE] != first
    world.client.cookies.set(SESSION_COOKIE, first, domain="testserver.local", path="/")
    assert not await is_inside(world)


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    cookie = cookie_of(await world.post_form(await link_of(world, await world.resident())))

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=2592000" in cookie
    assert "Secure" not in cookie


async def test_over_tls_the_cookie_is_bound_to_this_host(town: Opens) -> None:
    async with town(base_url="https://testserver.local", example=True) as world:
        anna = await world.resident()
        answer = await world.client.get(
            example_sign_in_path(world.services.secrets, "person", anna.person_id)
        )

        cookie = cookie_of(answer, "__Host-uit_session")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert await is_inside(world)


async def test_without_valkey_residents_sign_in_all_the_same_and_limits_hold(town: Opens) -> None:
    async with town(redis_url="redis://127.0.0.1:1") as world:
        anna = await world.resident()
        answer = await world.post_form(await link_of(world, anna))

        assert answer.status_code == 303
        assert await is_inside(world)
        for number in range(1, LINKS_PER_ADDRESS.times):
            assert (await ask_link(world, f"bewoner.{number}@example.org")).status_code == 200
        assert (await ask_link(world, "nog.een@example.org")).status_code == 429


async def test_a_mailbox_is_not_filled_and_always_holds_a_link_that_works(world: World) -> None:
    anna, works = await world.resident(), []
    for number in range(120):
        async with browser_from(world, f"203.0.113.{number}") as stranger:
            asked = await send(stranger, "/aanmelden", "/aanmelden", email=anna.email)
        assert asked.status_code == 200
        world.clock.move(timedelta(seconds=30))
        works.append((await world.client.get(link_in_mail(world))).status_code == 200)

    assert all(works)
    assert len(world.mails) <= 17
    assert (await world.post_form(link_in_mail(world))).status_code == 303


async def test_who_used_a_link_is_mailed_another_at_once(world: World) -> None:
    anna = await world.resident()
    await world.post_form(await link_of(world, anna))
    world.client.cookies.clear()

    await ask_link(world, anna.email)

    assert len(world.mails) == 2


async def test_two_that_ask_at_the_same_moment_are_one_mail(world: World) -> None:
    anna = await world.resident()

    await gather(*(ask_link(world, anna.email) for _ in range(4)))

    assert len(world.mails) == 1


async def test_a_known_device_is_mailed_at_once_whoever_else_asks(world: World) -> None:
    anna = await world.resident()
    await world.post_form(await link_of(world, anna))
    await world.post_form("/afmelden")
    known = world.client.cookies[DEVICE_COOKIE]
    world.client.cookies.clear()
    await ask_link(world, anna.email)

    world.client.cookies.set(DEVICE_COOKIE, known)
    for _ in range(LINKS_PER_DEVICE.times + 5):
        await ask_link(world, anna.email)

    assert len(world.mails) == 1 + 1 + LINKS_PER_DEVICE.times


async def test_too_many_links_from_one_place_need_a_proof_whatever_the_address(world: World) -> None:
    for number in range(LINKS_PER_ADDRESS.times):
        assert (await ask_link(world, f"bewoner.{number}@example.org")).status_code == 200

    anna = await world.resident()
    stopped = await ask_link(world, anna.email)
    again = await world.post_form("/aanmelden", email=anna.email, proof=proof_on(stopped.text))

    assert stopped.status_code == 429
    assert int(stopped.headers["retry-after"]) <= LINKS_PER_ADDRESS.seconds
    assert anna.email in stopped.text
    assert again.status_code == 200
    assert [mail["To"] for mail in world.mails] == [anna.email]


async def test_a_form_without_its_token_is_refused_in_words(world: World) -> None:
    link = await link_of(world, await world.resident())

    answer = await world.client.post(link)

    assert answer.status_code == 403
    assert "te lang open" in answer.text
    assert not await is_inside(world)
    assert link_in_mail(world) == link
