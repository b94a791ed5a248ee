"""What a holder or a guest is told.

A booking is made, or places are held for who pays at the desk; tickets ended, or lapsed unpaid; a payment
goes back; a date has moved, was postponed, was called off so that one chooses, or goes on; they sit
elsewhere; the link of a guest is another; a card of turns ends soon. The worker calls it, from the outbox.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import PAID_TWICE, Payment, PaymentMeans
from reservations.booking.calendar import FILE
from reservations.booking.choice_link import choice_path
from reservations.booking.contact import Recipient, RecipientKind, addressed, read_recipients
from reservations.booking.course_facts import find_courses
from reservations.booking.due import due_cents
from reservations.booking.enrolled import EnrolledCourse, courses_of
from reservations.booking.facts import LIVE, Booking, TicketEnd
from reservations.booking.fell_away import fell_away
from reservations.booking.member import language_of
from reservations.booking.refunding import coming_fee_cents
from reservations.booking.returns import (
    EndedTicketNote,
    added_up,
    any_live,
    as_returns,
    kept_of,
    numbers_of,
    refunds_named,
    returns_of_end,
)
from reservations.booking.rows import OutboxRow
from reservations.booking.seat_note import SeatNote, still_so
from reservations.booking.seller_contact import SellerContact, whom_to_ask
from reservations.booking.tickets import Outing, TicketPosition, number_of, outings_seen, read_positions
from reservations.booking.to_pay import Vendor, desk_of, never_opened, read_vendor
from reservations.booking.turn_card_facts import lines_with_turns
from reservations.booking.turnstile import read_booking
from reservations.booking.viewer import Viewer
from uit.core.clock import day_in_flanders
from uit.core.translation import DUTCH
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.message.kind import (
    BOOKED,
    CALLED_OFF,
    CANCELLED,
    CHANGED,
    MONEY_BACK,
    TURN_CARD,
    MessageKind,
)
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.services.region import Region
from uit.services.services import Services

SQL = Statements(__name__)
MADE, HELD, ENDED, BACK = "booking.made", "booking.held", "booking.ended", "payment.back"
OTHER: Final = "booking.changed"
POSTPONED, MOVED, RESTORED = "booking.postponed", "booking.moved", "booking.restored"
CHOOSE: Final = "booking.choose"
LONGER: Final = "booking.choose_longer"
LINK: Final = "booking.link"
SEATED: Final = "booking.seated"
CARD_ENDS: Final = "turn_card.ends"
TOPICS: Final = (
    *(MADE, HELD, ENDED, BACK, OTHER, POSTPONED, MOVED, RESTORED, CHOOSE, LONGER, LINK, SEATED, CARD_ENDS),
)

ToTell = tuple[str, dict[str, Any]]
"""The name of a mail, and what it says besides what all of them do."""


class Payload(Struct, frozen=True, omit_defaults=True):
    """`tickets` ended; `refunds` go back; `session_id` is the date that something happened to.

    `to`: of several who are to be told, this one; of several who come, `who`. `lines` are new by a change.
    `seats`: who sits elsewhere. `by_staff`: done at a desk, by somebody who did not book. `given_on`: asked.
    `was_offer`: it ended before whoever waited answered.
    """

    tickets: list[EndedTicketNote] = []
    refunds: list[UUID] = []
    session_id: UUID | None = None
    to: RecipientKind | None = None
    who: UUID | None = None
    lines: list[int] = []
    seats: list[SeatNote] = []
    by_staff: bool = False
    given_on: bool = False
    was_offer: bool = False


class BookingMessage(Struct, frozen=True):
    """A message of the outbox, under its id. `payload` is JSON text."""

    id: UUID
    region_id: int
    booking_id: UUID
    topic: str
    payload: str = "{}"


read_seller_contact = SQL.maybe("read_seller_contact", SellerContact)


class Known(Struct, frozen=True):
    """A booking as it stands when somebody is told of it, its outings, and which ticket is which.

    `seller`: to whom its last payment is, the organiser or its agent, and `desk` at whose desk it is paid
    there, the organiser's own; None where credit pays all. `contact`: whom one asks. Of what is discreet
    they are None too: they say with whom it is. `took_turns`: the lines that turns of a card paid for.
    """

    booking: Booking
    outings: list[Outing]
    positions: list[TicketPosition]
    seller: Vendor | None
    desk: Vendor | None
    contact: SellerContact | None
    courses: Sequence[EnrolledCourse] = ()
    took_turns: frozenset[int] = frozenset()


async def notify_holder(services: Services, message: BookingMessage) -> NotReached | None:
    """Tell the holder of a booking about it, or the guest; None when that is done, or nothing is to be told.

    Nobody is told what is no longer so: a booking that was cancelled since is not confirmed any more. Of
    several each is told by a message of their own, which fails and comes back by itself.
    """
    region_id, booking_id, topic = message.region_id, message.booking_id, message.topic
    about = msgspec.json.decode(message.payload, type=Payload)
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        today = day_in_flanders(services.clock.now())
        found = await read_recipients(connection, services.secrets.signing, region_id, booking_id, today)
        recipients = addressed(found, about.to, about.who)
        viewer = recipients[0].viewer if len(recipients) == 1 else None
        known = await read_known(connection, region_id, booking_id, viewer)
    mail = what_to_tell(topic, about, known) if known else None
    if region is None or known is None or mail is None or not recipients:
        return None
    if len(recipients) > 1:
        rows = [OutboxRow(topic, booking_id, apart(about, each)) for each in recipients]
        async with services.database.transaction() as tx:
            await write_outbox(tx, region_id, as_json(rows), services.clock.now())
        return None
    (recipient,), (template, more) = recipients, mail
    shared = shared_facts(f"{services.settings.address}/{region.slug}", region, recipient, booking_id)
    again = book_again(shared, more.get("outing") or more["outings"][0])
    facts = {**shared, **more, "again": again, "questions": whom_to_ask(known.contact, region)}
    if about.session_id:
        path = choice_path(services.secrets.signing, region_id, booking_id, about.session_id, recipient)
        facts["choice"] = f"{shared['address']}/{path}"
    kind = kind_of(topic, about)
    told = PersonalMessage(region_id, message.id, kind, f"reservations/booking/{template}", facts)
    return await reach(services, Addressee(recipient.person_id, recipient.email), told)


def kind_of(topic: str, about: Payload) -> MessageKind:
    """What kind of message this is, by which its reader chose how it reaches them."""
    ends = {each.end for each in about.tickets}
    if topic in {CHOOSE, LONGER} or (topic == ENDED and ends & {TicketEnd.CALLED_OFF, TicketEnd.WITHDRAWN}):
        return CALLED_OFF
    if topic == OTHER:
        return MONEY_BACK if about.refunds else BOOKED
    if topic == BACK or (topic == ENDED and about.refunds):
        return MONEY_BACK
    if topic == ENDED:
        return CANCELLED
    if topic == CARD_ENDS:
        return TURN_CARD
    return CHANGED if topic in {POSTPONED, MOVED, RESTORED, SEATED} else BOOKED


def apart(about: Payload, to: Recipient) -> dict[str, object]:
    """The same content, for one of those who are to be told."""
    content: dict[str, object] = msgspec.to_builtins(replace(about, to=to.kind, who=to.person_id))
    return content


async def read_known(tx: Executor, region_id: int, booking_id: UUID, viewer: Viewer | None) -> Known | None:
    """What is known to whoever is told: of a booking for several, what they see of it.

    What is discreet is not named: a mailbox may be read by others, and the page of the booking says it.
    """
    booking = await read_booking(tx, region_id, booking_id)
    booking = viewer.part_of(booking) if viewer and booking else booking
    if booking is None or not booking.lines:
        return None
    outings = [each.undisclosed for each in await outings_seen(tx, region_id, [booking_id], viewer)]
    took_turns = frozenset(await lines_with_turns(tx, region_id, booking_id))
    payments, positions = booking.payments, await read_positions(tx, region_id, booking_id)
    if any(each.is_discreet for each in outings):
        return Known(booking, outings, positions, None, None, None, (), took_turns)
    seller = await read_vendor(tx, region_id, payments[-1].seller_id) if payments else None
    desk = await read_vendor(tx, region_id, desk_of(booking, payments[-1])) if payments else None
    seller_id = payments[-1].seller_id if payments else booking.lines[0].seller_id
    contact = await read_seller_contact(tx, region_id, seller_id)
    language = (await language_of(tx, viewer.person_id) if viewer else None) or DUTCH
    found = await find_courses(tx, region_id, [], [booking_id], language=language)
    courses = courses_of(booking, outings, found)
    return Known(booking, outings, positions, seller, desk, contact, courses, took_turns)


def shared_facts(address: str, region: Region, recipient: Recipient, booking_id: UUID) -> dict[str, Any]:
    """What every mail says: to whom, of which region, and where their booking is to be found."""
    return {
        "name": recipient.name,
        "kind": recipient.kind,
        "claim": recipient.claim,
        "made_for": recipient.made_for,
        "made_by": recipient.made_by,
        "own": f"{address}/{recipient.own}",
        "calendar": f"{address}/{recipient.own}/{FILE}",
        "address": address,
        "region": region,
        "number": number_of(booking_id),
    }


def book_again(shared: Mapping[str, Any], outing: Outing) -> str:
    """Where one books it again; of what is discreet the own page, since the address of an event names it."""
    if outing.is_discreet:
        return str(shared["own"])
    return f"{shared['address']}/evenementen/{outing.event_id}?sessie={outing.session_id}"


def what_to_tell(topic: str, payload: Payload, known: Known) -> ToTell | None:
    """The mail for a topic and what it says, as far as it is still so."""
    by_topic: Mapping[str, Callable[[Payload, Known], ToTell | None]] = {
        MADE: made,
        HELD: held,
        ENDED: ended,
        BACK: money_back,
        OTHER: other_content,
        LINK: new_link,
    }
    if topic in by_topic:
        return by_topic[topic](payload, known) if known.outings else None
    of_session = [each for each in known.outings if each.session_id == payload.session_id]
    if topic == SEATED:
        return other_seats(payload, of_session[0], known) if of_session else None
    if topic == CARD_ENDS:
        return card_ends(of_session[0]) if of_session else None
    return changed(topic, of_session[0], known) if of_session else None


def made(_payload: Payload, known: Known) -> ToTell | None:
    booked = [each for each in known.outings if each.status == "confirmed"]
    facts = {
        "outings": booked,
        "payments": standing_payments(known),
        "seller": known.seller,
        "fee_cents": coming_fee_cents(known.booking),
        "courses": [one for one in known.courses if all(each in booked for each in one.outings)],
    }
    template = "mail_booked" if any(each.good_until is None for each in booked) else "mail_turn_card"
    return (template, facts) if booked else None


def held(_payload: Payload, known: Known) -> ToTell | None:
    """What to pay at the desk, and until when, as long as that is awaited."""
    payment, until = known.booking.open_payment, known.booking.held_until
    if payment is None or payment.means is not PaymentMeans.DESK or until is None:
        return None
    facts = {
        "outings": known.outings,
        "cents": sum(due_cents(known.booking, payment)),
        "until": until,
        "seller": known.seller,
        "desk": known.desk,
    }
    return "mail_held", facts


def new_link(_payload: Payload, known: Known) -> ToTell:
    return "mail_link", {"outings": known.outings}


def money_back(payload: Payload, known: Known) -> ToTell | None:
    """That a payment found nothing left of what it was for, or another had paid, so that it goes back."""
    returns = added_up(as_returns(0, refunds_named(known.booking, payload.refunds)))
    facts = {
        "outings": known.outings,
        "returns": returns,
        "stays": any(each.live_places for each in known.outings),
        "twice": any(each.reason == PAID_TWICE for each in returns),
    }
    return ("mail_back", facts) if returns else None


def ended(payload: Payload, known: Known) -> ToTell | None:
    """What ended, date by date, and what really came back. Nothing where that is of others who come."""
    theirs = {line.no for line in known.booking.lines}
    if payload.tickets and not any(each.line_no in theirs for each in payload.tickets):
        return None
    payload = replace(payload, tickets=[each for each in payload.tickets if each.line_no in theirs])
    tickets = [each for each in payload.tickets if each.end != TicketEnd.LAPSED]
    if not tickets:
        return lapsed(payload, known)
    ends, session_ids = {each.end for each in tickets}, {each.session_id for each in tickets}
    facts = {
        "outings": [each for each in known.outings if each.session_id in session_ids],
        "ends": {end.value for end in ends},
        "places": len(tickets),
        "returns": returns_of_end(known.booking, tickets, payload.refunds),
        "kept_cents": kept_of(known.booking, tickets),
        "turns_back": sum(each.line_no in known.took_turns for each in tickets),
        "numbers": {each: numbers_of(tickets, each, known.positions) for each in session_ids},
        "stays": any(each.live_places for each in known.outings),
        "given_on": payload.given_on,
        "was_offer": payload.was_offer,
    }
    return "mail_ended", facts


def other_content(payload: Payload, known: Known) -> ToTell | None:
    """What a booking is by now, once it was changed, and what more it took or came back by that."""
    theirs = {line.no: line for line in known.booking.lines}
    gone = [each for each in payload.tickets if each.line_no in theirs]
    new = [theirs[no] for no in payload.lines if no in theirs]
    standing = [each for each in known.outings if each.live_places]
    if not standing or not (gone or new):
        return None
    refunds = refunds_named(known.booking, payload.refunds)
    back = sum(each.returned_cents for each in gone) - sum(each.amount_cents for each in refunds)
    facts = {
        "outings": standing,
        "fee_cents": coming_fee_cents(known.booking),
        "is_new": bool(new),
        "fell_away": fell_away(known.booking, known.outings, gone, new),
        "credit_cents": back - sum(line.credit_cents for line in new),
        "returns": added_up(as_returns(0, refunds)),
        "turns_back": sum(each.line_no in known.took_turns for each in gone)
        - sum(line.places for line in new if line.no in known.took_turns),
        "kept_cents": kept_of(known.booking, gone),
    }
    return "mail_changed", facts


def lapsed(payload: Payload, known: Known) -> ToTell | None:
    """That places, or a change of what stands, went unpaid. What came in later is told by its own mail."""
    payments, session_ids = known.booking.payments, {each.session_id for each in payload.tickets}
    standing = [each for each in known.outings if each.live_places]
    back_cents = sum(each.returned_cents for each in payload.tickets)
    if standing and payload.tickets and not any_live(known.booking, payload.tickets):
        return "mail_change_lapsed", {"outings": standing, "credit_cents": back_cents}
    if not payments or any(each.paid_at for each in payments):
        return None
    unopened = never_opened(known.booking)
    return "mail_lapsed", {
        "outings": [each for each in known.outings if each.session_id in session_ids],
        "credit_cents": back_cents,
        "may_come": payments[-1].means is PaymentMeans.CARD and not unopened,
        "unopened": unopened,
    }


def changed(topic: str, outing: Outing, known: Known) -> ToTell | None:
    """What became of a date: another time, later, on after all, or theirs to choose; as long as it is so."""
    live = bool(LIVE & set(outing.statuses))
    facts = {
        "outing": outing,
        "payments": standing_payments(known),
        "held_until": None if "confirmed" in outing.statuses else known.booking.held_until,
    }
    if topic == MOVED and live and outing.moved_from:
        return "mail_moved", facts
    if topic in {CHOOSE, LONGER} and outing.is_to_choose and "confirmed" in outing.statuses:
        return "mail_choose" if topic == CHOOSE else "mail_longer", facts
    if topic == POSTPONED and live and outing.session_status == "postponed":
        return "mail_postponed", facts
    if topic == RESTORED and outing.session_status not in {"cancelled", "postponed", "suspended"}:
        return "mail_restored", facts | {"live": live}
    return None


def card_ends(outing: Outing) -> ToTell | None:
    """That a card of turns ends soon, as long as there is something left of it."""
    return ("mail_card_ends", {"outing": outing}) if outing.turns_left else None


def other_seats(payload: Payload, outing: Outing, known: Known) -> ToTell | None:
    """Where they sit now and where they sat, of the tickets that they have and that still sit there."""
    notes = still_so(known.booking, payload.seats)
    before = [each.before for each in notes if each.before]
    facts = {"outing": outing, "before": before, "seats": [each.seat for each in notes]}
    return ("mail_seats", facts) if notes else None


def standing_payments(known: Known) -> list[Payment]:
    """What was paid other than with credit."""
    return [each for each in known.booking.payments if each.stands]
