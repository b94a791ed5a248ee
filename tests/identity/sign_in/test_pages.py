"""The pages that everybody may read, and who is sent where."""

import pytest

from tests.builders import World


@pytest.mark.parametrize("path", ["/hulp", "/privacy", "/toegankelijkheid", "/aanmelden", "/team/aanmelden"])
async def test_everybody_may_read_it(world: World, path: str) -> None:
    answer = await world.client.get(path)

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_help_names_the_phone_of_each_region_that_has_one(world: World) -> None:
    await world.execute("UPDATE uit.region SET help_phone = '053 72 34 56' WHERE slug = 'dender'")

    text = (await world.client.get("/hulp")).text

    assert 'href="tel:053723456"' in text
    assert "Kust" in text


async def test_a_page_of_residents_sends_a_stranger_to_sign_in_and_back(world: World) -> None:
    answer = await world.client.get("/mijn/toegang?x=1", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/aanmelden?next=%2Fmijn%2Ftoegang%3Fx%3D1",
    )
    page = await world.client.get(answer.headers["location"])
    assert 'value="/mijn/toegang?x=1"' in page.text


async def test_after_a_form_a_stranger_comes_back_to_the_page_it_stood_on(world: World) -> None:
    async def sent_to(referer: str) -> str:
        answer = await world.client.post(
            "/mijn/toegang", headers={"Referer": referer}, follow_redirects=False
        )
        return str(answer.headers["location"])

    toegang = "http://testserver.local/mijn/toegang"
    assert await sent_to(f"{toegang}?x=1") == "/aanmelden?next=%2Fmijn%2Ftoegang%3Fx%3D1"
    assert await sent_to(f"{toegang}?gone=1") == "/aanmelden?next=%2Fmijn%2Ftoegang"
    assert await sent_to(f"{toegang}/intrekken") == "/aanmelden?next=%2Fmijn%2Ftoegang"
    assert await sent_to("http://kwaad.example/mijn") == "/aanmelden?next=%2F"


async def test_a_resident_does_not_come_in_at_a_desk(world: World) -> None:
    await world.sign_in(await world.resident())

    assert (await world.client.get("/team")).status_code == 403


async def test_staff_at_a_page_of_residents_are_told_to_go_on_with_their_own_pass(world: World) -> None:
    await world.sign_in_staff("clerk")
    turned = await world.client.get("/mijn/toegang?x=1", follow_redirects=False)

    told = await world.client.get(turned.headers["location"])
    gone = await world.post_form("/afmelden", next="/mijn/toegang?x=1")

    assert turned.headers["location"] == "/team/eigen-pas?next=%2Fmijn%2Ftoegang%3Fx%3D1"
    assert "Meld mij af en ga verder" in told.text
    assert gone.headers["location"] == "/aanmelden?next=%2Fmijn%2Ftoegang%3Fx%3D1"
    assert (await world.client.get("/team")).headers["location"].startswith("/team/aanmelden")


@pytest.mark.parametrize("path", ["/", "/dender", "/dender/agenda", "/labels", "/hulp", "/privacy"])
async def test_on_public_pages_staff_see_their_work_and_the_way_out(world: World, path: str) -> None:
    anybody = (await world.client.get(path)).text
    await world.sign_in_staff("clerk")

    staff = (await world.client.get(path)).text

    assert [word in anybody for word in (">Aanmelden<", "Jouw werk")] == [True, False]
    assert [word in staff for word in (">Aanmelden<", "Jouw werk", 'action="/afmelden"')] == [
        False,
        True,
        True,
    ]


async def test_the_register_of_labels_is_one_link_away(world: World) -> None:
    for path in ("/", "/dender", "/hulp"):
        assert 'href="/labels"' in (await world.client.get(path)).text


async def test_who_is_in_already_goes_on(world: World) -> None:
    await world.sign_in(await world.resident())

    answer = await world.client.get("/aanmelden?next=/dender/agenda", follow_redirects=False)

    assert answer.headers["location"] == "/dender/agenda"


async def test_a_refusal_carries_the_same_safe_headers_as_a_page(world: World) -> None:
    for answer in (
        await world.client.get("/bestaat-niet"),
        await world.client.get("/mijn/toegang", follow_redirects=False),
        await world.client.post("/aanmelden"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
