"""What permits a clerk to act for somebody: a pass, a code, a document, being known, a call, a word."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import Resident, World
from tests.identity.access.test_desk import deliver
from tests.reservations.sessions.test_desk import text_of
from uit.passes.permission.word import as_heard
from uit.web.caught_mail import CaughtText


def asking(who: Resident, *parts: str) -> str:
    return "/".join([f"/dender/balie/personen/{who.membership_id}/toestemming", *parts])


async def say(world: World, who: Resident, **fields: object) -> Any:
    return await world.post_form(asking(who), **{"permission_id": uuid4(), **fields})


async def kinds(world: World) -> list[tuple[str, str | None]]:
    found = await world.rows("SELECT kind, document_kind FROM passes.permission ORDER BY given_at, kind")
    return [tuple(each) for each in found]


async def phoned(world: World) -> Resident:
    """Somebody with a telephone number; a clerk is signed in."""
    anna = await world.resident()
    await world.execute("UPDATE identity.person SET phone = '0470 12 34 56' WHERE id = $1", anna.person_id)
    await world.sign_in_staff("clerk")
    return anna


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"soort": "document", "document": "annex"}, ("document", "annex")),
        ({"soort": "document", "document": "orange_card"}, ("document", "orange_card")),
        ({"soort": "document", "document": "shelter"}, ("document", "shelter")),
        ({"soort": "known"}, ("known", None)),
        ({"soort": "callback"}, ("callback", None)),
    ],
)
async def test_what_was_seen_or_heard_permits_and_is_written_down(
    world: World, fields: dict[str, str], kept: tuple[str, str | None]
) -> None:
    anna = await phoned(world)

    answer = await say(world, anna, verder="boekingen", **fields)

    assert answer.headers["location"].endswith("/boekingen")
    assert await kinds(world) == [kept]
    (act,) = await world.rows("SELECT facts FROM uit.audit WHERE act = 'permission.give'")
    assert f'"by": "{kept[0]}"' in act[0]


async def test_the_pass_of_this_person_permits_and_that_of_another_does_not(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await world.sign_in_staff("clerk")

    other = await say(world, anna, soort="pass", token=bilal.token)
    unknown = await say(world, anna, soort="pass", token=anna.token[:-1])
    own = await say(world, anna, soort="pass", token=anna.token)

    assert "Dit is de pas van iemand anders" in text_of(other)
    assert unknown.status_code == 404
    assert own.status_code == 303
    assert await kinds(world) == [("pass", None)]


async def test_a_form_that_is_sent_twice_permits_once(world: World) -> None:
    anna, given_id = await phoned(world), uuid4()

    answers = [await say(world, anna, soort="known", permission_id=given_id) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'permission.give'") == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Kies wat je zag of hoorde."),
        ({"soort": "document"}, "Kies welk document je zag."),
        ({"soort": "callback"}, "Kies wat je zag of hoorde."),
        ({"soort": "word", "woord": "zonnebloem"}, "Kies wat je zag of hoorde."),
        ({"soort": "pass"}, "Scan de pas."),
        ({"soort": "code"}, "Vul de code in."),
    ],
)
async def test_what_is_missing_comes_back(world: World, fields: dict[str, str], says: str) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")

    answer = await say(world, anna, **fields)

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert await kinds(world) == []


# A code that goes to the holder


async def ask_code(world: World, who: Resident) -> tuple[str, str]:
    """The challenge in the page of the clerk, and the code in the mailbox of the holder."""
    page = await world.post_form(asking(who, "sturen"))
    (challenge,) = re.findall(r'name="challenge"\s+value="([^"]+)"', page.text)
    await deliver(world)
    return challenge, figures_in(world.mails[-1], who)


def figures_in(mail: EmailMessage, who: Resident) -> str:
    text = mail.get_body(("plain",))
    assert mail["To"] == who.email
    assert text is not None
    (figures,) = re.findall(r"code: (\d{3} \d{3})", str(text.get_content()))
    return str(figures)


async def test_the_code_from_the_mailbox_of_the_holder_permits_once(world: World) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")
    challenge, figures = await ask_code(world, anna)

    answers = [
        await say(world, anna, soort="code", challenge=challenge, code=each)
        for each in ("000000", figures, figures.replace(" ", ""))
    ]

    assert [each.status_code for each in answers] == [422, 303, 422]
    assert await kinds(world) == [("code", None)]


async def test_a_code_is_of_this_clerk_for_this_person_and_for_ten_minutes(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await world.sign_in_staff("clerk")
    challenge, figures = await ask_code(world, anna)
    said = {"soort": "code", "challenge": challenge, "code": figures}

    for_another = await say(world, bilal, **said)
    world.clock.move(timedelta(minutes=11))
    late = await say(world, anna, **said)
    world.clock.move(timedelta(minutes=-11))
    await world.sign_in_staff("clerk")
    of_another = await say(world, anna, **said)

    assert [each.status_code for each in (for_another, late, of_another)] == [422] * 3
    assert await kinds(world) == []


async def test_codes_are_tried_five_times_in_half_an_hour(world: World) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")
    challenge, figures = await ask_code(world, anna)
    said = {"soort": "code", "challenge": challenge}

    for _ in range(5):
        await say(world, anna, **said, code="000000")
    right = await say(world, anna, **said, code=figures)

    assert right.status_code == 429
    assert await kinds(world) == []


async def test_the_code_stands_in_no_page_no_trail_and_no_message(world: World) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")
    page = await world.post_form(asking(anna, "sturen"))
    await deliver(world)
    figures = figures_in(world.mails[-1], anna)
    kept = [str(tuple(each)) for each in await world.rows("SELECT payload::text FROM uit.outbox")]
    trail = [str(tuple(each)) for each in await world.rows("SELECT facts::text, subject_id FROM uit.audit")]

    for text in (page.text, *kept, *trail):
        assert figures not in text
        assert figures.replace(" ", "") not in text


MOBILE = "UPDATE identity.person SET email = $2, phone = '+32470123456', reached_by = $3 WHERE id = $1"


@pytest.mark.parametrize("reached_by", [None, "sms", "letter"])
async def test_the_code_goes_to_the_telephone_of_who_has_one_and_on_no_paper(
    world: World, texts: Callable[[], list[CaughtText]], reached_by: str | None
) -> None:
    anna = await world.resident()
    await world.execute(MOBILE, anna.person_id, None, reached_by)
    await world.sign_in_staff("clerk")
    offered = await world.client.get(asking(anna))
    page = await world.post_form(asking(anna, "sturen"))
    (challenge,) = re.findall(r'name="challenge"\s+value="([^"]+)"', page.text)

    await deliver(world)
    (sent,) = texts()
    (figures,) = re.findall(r": (\d{3} \d{3})\.", sent.text)
    answer = await say(world, anna, soort="code", challenge=challenge, code=figures)

    assert "Sms een code" in text_of(offered)
    assert len(sent.text) <= 160
    assert answer.status_code == 303
    assert await world.value("SELECT count(*) FROM identity.letter") == 0


async def test_who_wants_mail_gets_the_code_there(
    world: World, texts: Callable[[], list[CaughtText]]
) -> None:
    anna = await world.resident()
    await world.execute(MOBILE, anna.person_id, anna.email, "email")
    await world.sign_in_staff("clerk")

    challenge, figures = await ask_code(world, anna)

    assert texts() == []
    assert (await say(world, anna, soort="code", challenge=challenge, code=figures)).status_code == 303


async def test_a_code_that_does_not_arrive_waits_nowhere_where_a_clerk_reads_it(world: World) -> None:
    anna = await world.resident()
    await world.sign_in_staff("clerk")
    await world.post_form(asking(anna, "sturen"))
    await world.execute(
        "UPDATE identity.person SET email = NULL, address_kind = 'home', street = 'Kerkstraat',"
        " house_number = '1', postcode = '9300', place = 'Aalst' WHERE id = $1",
        anna.person_id,
    )

    await deliver(world)
    page = text_of(await world.client.get(asking(anna)))
    sent = await world.post_form(asking(anna, "sturen"))

    assert world.mails == []
    assert await world.value("SELECT count(*) FROM identity.letter") == 0
    assert "Er is geen gsm-nummer of e-mailadres" in page
    assert sent.status_code == 404


# A word for the telephone


async def test_a_word_is_set_with_the_person_there_and_permits_on_the_telephone(world: World) -> None:
    anna = await phoned(world)
    unpermitted = await world.post_form(asking(anna, "woord"), nieuw_woord="Zonne bloem")
    await say(world, anna, soort="known")
    page = await world.post_form(asking(anna, "woord"), nieuw_woord="Zonne bloem")
    await world.sign_in_staff("clerk")

    wrong = await say(world, anna, soort="word", woord="paardenbloem")
    right = await say(world, anna, soort="word", woord="zonnebloem")
    by_telephone = await world.post_form(asking(anna, "woord"), nieuw_woord="paardenbloem")
    bookings = text_of(await world.client.get(right.headers["location"].replace("boeken", "boekingen")))

    assert unpermitted.status_code == 404
    assert "Het woord is bewaard." in text_of(page)
    assert (wrong.status_code, right.status_code, by_telephone.status_code) == (422, 303, 404)
    assert "onne" not in str(await world.rows("SELECT hash FROM passes.spoken_word"))
    assert "Aan de telefoon zeg je niets over krediet of passen" in bookings
    assert "Vrij om uit te geven" not in bookings


async def test_a_word_is_taken_away_once_and_is_no_word_any_more(world: World) -> None:
    anna = await phoned(world)
    unpermitted = await world.post_form(asking(anna, "woord", "weg"))
    await say(world, anna, soort="known")
    await world.post_form(asking(anna, "woord"), nieuw_woord="zonnebloem")
    asked = text_of(await world.client.get(asking(anna)))

    pages = [await world.post_form(asking(anna, "woord", "weg")) for _ in range(2)]
    said = await say(world, anna, soort="word", woord="zonnebloem")

    assert unpermitted.status_code == 404
    assert "Ja, haal het weg" in asked
    assert all("Het woord is weg." in text_of(page) for page in pages)
    assert said.status_code == 422
    acts = await world.value("SELECT count(*) FROM uit.audit WHERE act = 'permission.remove_word'")
    assert acts == 1


async def test_a_word_is_tried_five_times_an_hour(world: World) -> None:
    anna = await phoned(world)
    await say(world, anna, soort="known")
    await world.post_form(asking(anna, "woord"), nieuw_woord="zonnebloem")

    for _ in range(5):
        await say(world, anna, soort="word", woord="roos")
    right = await say(world, anna, soort="word", woord="zonnebloem")

    assert right.status_code == 429


@pytest.mark.parametrize("word", ["", "roos", "Peeters", "yasmine"])
async def test_a_word_is_long_enough_and_no_name(world: World, word: str) -> None:
    anna = await phoned(world)
    await say(world, anna, soort="known")

    answer = await world.post_form(asking(anna, "woord"), nieuw_woord=word)

    assert answer.status_code == 422
    assert await world.value("SELECT count(*) FROM passes.spoken_word") == 0


def test_a_word_is_compared_as_it_sounds() -> None:
    assert as_heard(" Zónne-Bloem ") == as_heard("zonnebloem") == "zonnebloem"


async def test_who_is_no_member_any_more_permits_a_copy_and_no_booking(world: World) -> None:
    anna = await phoned(world)
    await world.execute(
        "UPDATE passes.membership SET status = 'ended', ends_on = $2 WHERE id = $1",
        anna.membership_id,
        world.clock.now().date(),
    )

    assert (await say(world, anna, soort="known", verder="gegevens")).status_code == 303
    answer = await world.client.get(f"/dender/balie/personen/{anna.membership_id}/boeken")
    assert answer.status_code == 409
