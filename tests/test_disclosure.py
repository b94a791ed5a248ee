"""The search by value finds what a page, a mail, a log or an address should not have."""

from email.message import EmailMessage

import pytest
import structlog
from httpx import Request, Response

from tests.builders import World
from tests.disclosure import ASKED_BY, LOGGED, Disclosures, Output, Secret, faults, numbers_in
from tests.passes.counter import insz
from uit.identity.visitor import Client

REFERENCE = "dossier 2026-117"
KNOWN = [(Secret("passes.attestation.reference", frozenset({"clerk"})), [REFERENCE])]
NUMBER = "90651700188"


def output(*, to: str, text: str = "", address: str = "") -> Output:
    return Output(frozenset({to}), "GET /x 200", address, text)


@pytest.mark.parametrize("number", [NUMBER, insz(), "90.65.17-001.88", "90 65 17 001 88"])
def test_a_number_of_the_register_is_found_however_it_is_written(number: str) -> None:
    assert list(numbers_in(f"Dag {number}, welkom")) == [number]


@pytest.mark.parametrize(
    "other",
    [
        "90651700199",
        "0479906517001",
        "+32470651700",
        "01994d2e-9065-1700-1979",
        f"uit_seconds_sum 0.{NUMBER}",
    ],
)
def test_other_digits_are_not(other: str) -> None:
    assert list(numbers_in(other)) == []


@pytest.mark.parametrize("to", ["clerk", "resident", "organiser", "client", "anybody", "mail", "log"])
def test_nobody_reads_a_number(to: str) -> None:
    assert list(faults(output(to=to, text=NUMBER), []))
    assert list(faults(output(to=to, address=f"/dender/balie?insz={NUMBER}"), []))


@pytest.mark.parametrize("to", ["resident", "organiser", "box_office", "client", "anybody", "mail", "log"])
def test_a_value_is_found_with_who_may_not_read_it(to: str) -> None:
    assert list(faults(output(to=to, text=f"<p>{REFERENCE}</p>"), KNOWN))


def test_who_may_read_it_does_but_never_in_an_address() -> None:
    assert list(faults(output(to="clerk", text=REFERENCE), KNOWN)) == []
    assert list(faults(output(to="clerk", address=f"/dender/balie?q={REFERENCE}"), KNOWN))


async def test_what_a_page_a_mail_and_a_log_say_is_searched(world: World) -> None:
    watch, mail = Disclosures(), EmailMessage()
    mail["Subject"] = "Je pas"
    mail.set_content(f"Je nummer is {NUMBER}.")
    ASKED_BY.set(Client("kassa", 1, frozenset()))
    page = Response(
        200, text=NUMBER, headers={"content-type": "text/html"}, request=Request("GET", "http://x/y")
    )
    await watch._keep(page)
    structlog.get_logger().info("registered", person=NUMBER)

    found = await watch.found(world, [mail])

    assert [line.split(" for ")[1].split(" has ")[0] for line in found] == ["client", "log", "mail"]
    assert len(found) == 3
    LOGGED.clear()


async def test_a_world_knows_who_asked(world: World) -> None:
    await world.client.get("/dender/agenda")
    await world.sign_in_staff("clerk")
    await world.client.get("/dender/balie")

    assert [set(each.to) for each in world.disclosures.outputs] == [{"anybody"}, {"clerk"}]


def test_what_somebody_sent_may_stand_on_the_page_that_answers_them() -> None:
    own = Output(frozenset({"clerk"}), "POST /x 422", "", f"value={NUMBER}", sent=f"insz={NUMBER}")

    assert list(faults(own, [])) == []
    assert list(faults(Output(own.to, own.where, f"/x?insz={NUMBER}", "", own.sent), []))
