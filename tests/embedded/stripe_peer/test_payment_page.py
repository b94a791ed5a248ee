"""The pages of the peer by plain HTTP: forms that are sent as they stand, and where they lead."""

import re
from datetime import timedelta

import pytest

from tests.embedded.stripe_peer.conftest import StripeCaller
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import StripePeer


async def test_the_first_form_pays_and_leads_back(caller: StripeCaller, clock: SetClock) -> None:
    session = await caller.checkout(clock)
    page = await caller.page(session["url"])
    pays = re.findall(r'<form[^>]* action="([^"]+)"', page.text)[0]

    answer = await caller.send(caller.peer.url + pays)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"http://127.0.0.1:8000/gelukt?id={session['id']}"
    paid = (await caller.get(f"/v1/checkout/sessions/{session['id']}")).json()
    assert (paid["status"], paid["payment_status"]) == ("complete", "paid")


async def test_the_second_form_gives_up_and_the_page_stays_open(
    caller: StripeCaller, clock: SetClock
) -> None:
    session = await caller.checkout(clock)
    page = await caller.page(session["url"])
    gives_up = re.findall(r'<form[^>]* action="([^"]+)"', page.text)[1]

    answer = await caller.send(caller.peer.url + gives_up)

    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:8000/terug")
    assert (await caller.get(f"/v1/checkout/sessions/{session['id']}")).json()["status"] == "open"


async def test_the_third_form_lets_the_bank_refuse_and_one_may_try_again(
    caller: StripeCaller, clock: SetClock
) -> None:
    session = await caller.checkout(clock)

    refused = await caller.send(f"{session['url']}/refuse")
    paid = await caller.send(session["url"], {"method": "card"})

    assert refused.status_code == 402
    assert "De bank weigert deze betaling." in refused.text
    assert paid.status_code == 303


async def test_the_page_says_what_is_paid_and_that_it_is_an_example(
    caller: StripeCaller, clock: SetClock
) -> None:
    text = (await caller.page((await caller.checkout(clock))["url"])).text

    assert "Voorbeeld: hier betaal je niet echt." in text
    assert "De kleine prins &amp; co" in text
    assert re.search(r"Betaal €\s5,00", text)
    assert text.count("<form") == 3
    assert "<script" not in text


async def test_every_page_is_marked_as_an_example(caller: StripeCaller, clock: SetClock) -> None:
    session, over = await caller.checkout(clock), await caller.checkout(clock)
    account = (await caller.post("/v1/accounts", {"type": "standard"})).json()["id"]
    ways = {"return_url": "http://127.0.0.1:8000/klaar", "refresh_url": "http://127.0.0.1:8000/opnieuw"}
    link = (
        await caller.post("/v1/account_links", {"account": account, "type": "account_onboarding"} | ways)
    ).json()
    open_page, refused = await caller.page(session["url"]), await caller.send(f"{session['url']}/refuse")
    await caller.send(session["url"], {"method": "card"})
    await caller.post(f"/v1/checkout/sessions/{over['id']}/expire", {})

    pages = {
        "open": open_page,
        "refused": refused,
        "paid": await caller.page(session["url"]),
        "over": await caller.page(over["url"]),
        "account": await caller.page(link["url"]),
        "not there": await caller.page(f"{caller.peer.url}/pay/cs_test_x"),
    }

    assert [
        name for name, page in pages.items() if "Voorbeeld: hier betaal je niet echt." not in page.text
    ] == []


async def test_the_page_names_the_seller(caller: StripeCaller, clock: SetClock) -> None:
    opened = {"type": "standard", "country": "BE", "business_profile[name]": "De Werf vzw"}
    account = (await caller.post("/v1/accounts", opened)).json()["id"]
    caller.peer.control.enable_account(account)

    session = await caller.checkout(clock, account)

    assert "De Werf vzw" in (await caller.page(session["url"])).text


async def test_a_button_that_is_pressed_twice_pays_once(caller: StripeCaller, clock: SetClock) -> None:
    session = await caller.checkout(clock)

    answers = [await caller.send(session["url"]) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert caller.peer.control.count("charge") == 1


async def test_what_was_paid_says_so(caller: StripeCaller, clock: SetClock) -> None:
    session = await caller.checkout(clock)
    await caller.send(session["url"])

    assert "Dit is al betaald" in (await caller.page(session["url"])).text


async def test_what_is_over_cannot_be_paid(caller: StripeCaller, clock: SetClock) -> None:
    session = await caller.checkout(clock)
    clock.move(timedelta(minutes=32))

    answer = await caller.send(session["url"])

    assert answer.status_code == 409
    assert "Hier kan je niet meer betalen" in answer.text
    assert caller.peer.control.count("charge") == 0


@pytest.mark.parametrize("path", ["/", "/pay/", "/pay/cs_test_x", "/connect/link_x", "/assets/x/uit.css"])
async def test_a_page_that_is_not_there_says_so(caller: StripeCaller, path: str) -> None:
    answer = await caller.page(caller.peer.url + path)

    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.text


async def test_its_styles_are_there(caller: StripeCaller, clock: SetClock) -> None:
    text = (await caller.page((await caller.checkout(clock))["url"])).text
    address = re.findall(r'href="(/assets/[^"]+\.css)"', text)[0]

    answer = await caller.page(caller.peer.url + address)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css")


async def test_a_seller_opens_an_account_with_one_button(caller: StripeCaller, peer: StripePeer) -> None:
    account = (await caller.post("/v1/accounts", {"type": "standard"})).json()["id"]
    ways = {"return_url": "http://127.0.0.1:8000/klaar", "refresh_url": "http://127.0.0.1:8000/opnieuw"}
    asked = {"account": account, "type": "account_onboarding"} | ways
    link = (await caller.post("/v1/account_links", asked)).json()["url"]

    page = await caller.page(link)
    done, again = await caller.send(link), await caller.send(link)

    assert page.text.count("<form") == 1
    assert done.headers["location"] == ways["return_url"]
    assert again.headers["location"] == ways["refresh_url"]
    assert (await caller.get(f"/v1/accounts/{account}")).json()["charges_enabled"]


async def test_a_link_is_good_for_minutes(caller: StripeCaller, clock: SetClock) -> None:
    account = (await caller.post("/v1/accounts", {"type": "standard"})).json()["id"]
    ways = {"return_url": "http://127.0.0.1:8000/klaar", "refresh_url": "http://127.0.0.1:8000/opnieuw"}
    asked = {"account": account, "type": "account_onboarding"} | ways
    link = (await caller.post("/v1/account_links", asked)).json()["url"]
    clock.move(timedelta(minutes=6))

    assert (await caller.page(link)).headers["location"] == ways["refresh_url"]
