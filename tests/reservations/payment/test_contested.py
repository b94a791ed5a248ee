"""Who looks after a seller's money is told of a payment that is contested, and its payer is told nothing."""

from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from uuid import UUID

from tests.builders import World
from tests.credits.payments.test_mandate import by_mandate
from tests.reservations.dates import plain
from tests.reservations.payment.card_sale import CardSale
from uit.database.outbox import GiveUp, Message, TryLater
from uit.embedded.stripe_peer.peer import StripePeer
from uit.entrypoints.topics import topics
from uit.services.mail import Mailer

WAITING = """
SELECT region_id, id, topic, key, payload::text, 1 AS attempts, id AS lease FROM uit.outbox
WHERE topic LIKE 'dispute.%' ORDER BY id
"""


async def staff_of(world: World, organiser_id: UUID, role: str = "organiser") -> str:
    """A member of staff; their address."""
    return f"{(await world.sign_in_staff(role, organiser_id=organiser_id)).hex}@example.org"


async def told(world: World) -> list[EmailMessage]:
    """The mails for what waits of disputes, as the worker delivers it."""
    world.mails.clear()
    for outcome in await outcomes(world):
        assert outcome is None
    await world.execute("DELETE FROM uit.outbox WHERE topic LIKE 'dispute.%'")
    return list(world.mails)


async def outcomes(world: World) -> list[TryLater | GiveUp | None]:
    handlers = topics(world.services)
    rows = await world.rows(WAITING)
    return [await handlers[row["topic"]].deliver(Message(**dict(row))) for row in rows]


def html(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)
    return " ".join(unescape(str(body.get_content())).replace("\N{NO-BREAK SPACE}", " ").split())


async def test_a_dispute_is_told_with_what_is_held_and_until_when_to_answer(sale: CardSale) -> None:
    els = await staff_of(sale.world, sale.session.organiser_id)
    await sale.dispute()

    [mail] = await told(sale.world)

    assert mail["To"] == els
    assert mail["Subject"] == "Betwist: € 10,00, De kleine prins"
    for words in (plain(mail), html(mail)):
        assert "De bank houdt € 10,00 vast tot ze beslist." in words
        assert "Antwoord in je dashboard bij Stripe." in words
        assert "ma 9 mrt" in words.partition("Antwoord voor")[2][:90]
        assert f"/dender/organisaties/{sale.session.organiser_id}/betalen/terug" in words


async def test_each_end_is_told_to_everybody_who_looks_after_the_money_and_to_nobody_else(
    sale: CardSale,
) -> None:
    world, organiser_id = sale.world, sale.session.organiser_id
    theirs = {await staff_of(world, organiser_id) for _ in range(2)}
    await staff_of(world, organiser_id, "box_office")
    await staff_of(world, await world.organiser())
    dispute_id = await sale.dispute()
    opened = await told(world)
    await sale.close_dispute(dispute_id, won=True)

    won = await told(world)

    assert {str(mail["To"]) for mail in opened} == {str(mail["To"]) for mail in won} == theirs
    assert (len(opened), len(won)) == (2, 2)
    assert str(won[0]["Subject"]) == "Betwisting gewonnen: € 10,00, De kleine prins"
    assert "€ 10,00 is terug. " in plain(won[0])


async def test_what_is_lost_is_told_with_what_can_still_be_done(sale: CardSale) -> None:
    await staff_of(sale.world, sale.session.organiser_id)
    dispute_id = await sale.dispute()
    await told(sale.world)
    await sale.close_dispute(dispute_id, won=False)

    [mail] = await told(sale.world)

    assert str(mail["Subject"]) == "Betwisting verloren: € 10,00, De kleine prins"
    for words in (plain(mail), html(mail)):
        assert "€ 10,00 gaat terug naar wie betaalde." in words
        assert "Wil je ze terugnemen? Dat doe je aan je kassa." in words


async def test_a_step_that_is_reported_again_is_told_once(sale: CardSale) -> None:
    await staff_of(sale.world, sale.session.organiser_id)
    dispute_id = await sale.dispute()
    await sale.report("charge.dispute.funds_withdrawn", dispute_id)
    assert len(await told(sale.world)) == 1
    await sale.close_dispute(dispute_id, won=False)
    await sale.report("charge.dispute.closed", dispute_id)

    assert len(await told(sale.world)) == 1


async def test_what_was_decided_meanwhile_is_told_as_decided_alone(sale: CardSale) -> None:
    await staff_of(sale.world, sale.session.organiser_id)
    await sale.close_dispute(await sale.dispute(), won=True)

    [mail] = await told(sale.world)

    assert str(mail["Subject"]).startswith("Betwisting gewonnen")


async def test_who_left_meanwhile_is_not_told(sale: CardSale) -> None:
    await staff_of(sale.world, sale.session.organiser_id)
    await sale.dispute()
    await sale.world.execute("UPDATE identity.role SET ends_at = $1", sale.world.clock.now())

    assert await told(sale.world) == []


async def test_an_organisation_without_staff_is_told_at_its_own_address(sale: CardSale) -> None:
    await sale.world.execute("UPDATE organisers.organiser SET email = 'boekhouding@dewerf.example'")
    await sale.dispute()

    [mail] = await told(sale.world)

    assert mail["To"] == "boekhouding@dewerf.example"


async def test_one_without_any_address_reads_it_at_its_desk(sale: CardSale) -> None:
    await sale.dispute()

    assert await told(sale.world) == []
    await staff_of(sale.world, sale.session.organiser_id)
    page = await sale.world.client.get(f"/dender/organisaties/{sale.session.organiser_id}/betalen/terug")
    assert "Betwist: de bank houdt" in page.text


async def test_under_a_mandate_the_agent_answers_and_the_organiser_knows(
    world: World, peer: StripePeer
) -> None:
    session = await world.session()
    agent = await by_mandate(world, session)
    await world.execute("UPDATE organisers.organiser SET name = 'Regio Dender' WHERE id = $1", agent)
    theirs, own = await staff_of(world, agent), await staff_of(world, session.organiser_id)
    sale = await CardSale.made(world, peer, session=session)
    await sale.dispute()

    mails = {str(mail["To"]): mail for mail in await told(world)}
    page = await world.client.get(f"/dender/organisaties/{session.organiser_id}/betalen/terug")

    assert set(mails) == {theirs, own}
    assert "Antwoord in je dashboard bij Stripe." in plain(mails[theirs])
    assert "Regio Dender verkoopt voor jou, en antwoordt de bank." in plain(mails[own])
    assert "dashboard" not in plain(mails[own]) + html(mails[own])
    assert "Regio Dender verkoopt voor jou, en antwoordt de bank." in page.text


async def test_no_word_of_who_paid_why_or_by_which_card_is_told(sale: CardSale) -> None:
    await staff_of(sale.world, sale.session.organiser_id)
    person = (await sale.world.rows("SELECT given_name, family_name, email FROM identity.person"))[0]
    dispute_id = await sale.dispute()
    mails = await told(sale.world)
    await sale.close_dispute(dispute_id, won=False)
    mails += await told(sale.world)

    words = " ".join(str(mail["Subject"]) + plain(mail) + html(mail) for mail in mails)
    assert not [each for each in (*person, "fraud", "4242", await sale.intent_id()) if each in words]
    kept = await sale.world.value("SELECT string_agg(payload::text, ' ') FROM uit.outbox")
    assert "@" not in (kept or "")


async def test_who_paid_is_told_nothing(sale: CardSale) -> None:
    count = "SELECT count(*) FROM uit.outbox WHERE key = $1"
    before = await sale.world.value(count, sale.booking_id)

    await sale.close_dispute(await sale.dispute(), won=False)

    assert await sale.world.value(count, sale.booking_id) == before


async def test_a_mail_server_that_is_away_or_refuses_is_told_to_the_worker(sale: CardSale) -> None:
    organiser_id = sale.session.organiser_id
    staff = await staff_of(sale.world, organiser_id)
    await sale.dispute()
    mailer = sale.world.services.mailer
    vars(sale.world.services)["mailer"] = Mailer("smtp://127.0.0.1:9", "uit <noreply@example.org>")

    [away] = await outcomes(sale.world)
    vars(sale.world.services)["mailer"] = mailer
    await sale.world.execute("UPDATE identity.staff SET email = 'els' WHERE email = $1", staff)
    [refused] = await outcomes(sale.world)

    assert (away, refused) == (TryLater("ground.mail_away"), GiveUp("ground.mail_refused"))


async def test_an_answer_that_is_late_already_is_not_asked_by_a_day(sale: CardSale) -> None:
    await staff_of(sale.world, sale.session.organiser_id)
    await sale.dispute()
    sale.world.clock.move(timedelta(days=8))

    [mail] = await told(sale.world)

    assert "Antwoord voor" not in plain(mail) + html(mail)
