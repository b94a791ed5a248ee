"""What somebody may wait for, read without a lock: the dates of an activity, and its prices for who comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import HelpedMember
from reservations.booking.actor import ByGuest, ByRepresentative
from reservations.booking.commands import Book, JoinWaitingList, RequestedLine
from reservations.booking.member import Member
from reservations.booking.seating import read_seated_sessions
from reservations.catalogue.agenda import SessionCard, read_cards
from reservations.errors import MayNotAct, SessionUnknown
from reservations.order.choice import Choice
from reservations.order.course_order import COURSE, CourseOrder, read_course_order
from reservations.order.for_whom import by_comer, label_of
from reservations.order.offer import read_course_offer, read_offer
from reservations.order.seat_choice import shared_out
from reservations.order.who_comes import Choosable, Comer, choosable, comers, who_fields
from reservations.waiting.place import LineLength, WaitingDate, read_dates_of_event, read_line
from reservations.waiting_line.entry import WantedPlaces
from reservations.waiting_line.errors import AlreadyWaiting
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import DUTCH
from uit.database.statements import Executor


class WhoAsks(Struct, frozen=True):
    """Who asks to wait, and for whom they may: themselves by `member`, and `others`; a stranger for nobody.

    `who` comes, as an address says it, where that is not they alone. `own_name`: what they are called, where
    another looks. `language`: in which they read what organisers write. `asked`: what an address or a form
    says besides, as for which course.
    """

    member: Member | None
    person_id: UUID | None
    others: Sequence[HelpedMember]
    who: str
    own_name: str | None = None
    language: str = DUTCH
    asked: Mapping[str, str] = {}


class Joining(Struct, frozen=True):
    """What they may wait for: the dates of an activity, its prices for who comes, and who waits already.

    Where nobody with a pass comes it is a guest. With `course` they wait for all dates that they choose.
    `has_wheelchairs`: one of the dates has numbered seats for wheelchairs.
    """

    card: SessionCard
    dates: list[WaitingDate]
    choices: list[Choice]
    line: LineLength
    comers: list[Comer]
    choosable: list[Choosable] = []
    person_id: UUID | None = None
    course: CourseOrder | None = None
    has_wheelchairs: bool = False

    @property
    def keeps(self) -> bool:
        """Whether what is too few for them is kept: never some dates of a course."""
        return self.line.keeps and self.course is None

    @property
    def asks_dates(self) -> bool:
        """Whether they choose which dates they wait for."""
        return self.course.may_choose if self.course else len(self.dates) > 1

    @property
    def by_comer(self) -> list[tuple[Comer | None, list[Choice]]]:
        """What each who comes may choose; a guest is nobody."""
        return by_comer(self.comers, self.choices)

    @property
    def asking(self) -> list[str]:
        """The prices that ask a code."""
        return [each.code for each in self.choices if each.asks_code]

    @property
    def who(self) -> dict[str, str]:
        """The fields of an address that say who comes, where that is not who looks alone, and to what."""
        return who_fields(self.comers) | ({COURSE: str(self.course.course.id)} if self.course else {})

    @property
    def helped(self) -> list[HelpedMember]:
        return [each.helped for each in self.comers if each.helped]

    def as_told(self, refusal: Refusal) -> Refusal:
        """The refusal as who asks for others may read it: that those wait already is an outing of theirs."""
        sees_all = all(each.powers.outings and each.powers.discreet for each in self.helped)
        return MayNotAct() if isinstance(refusal, AlreadyWaiting) and not sees_all else refusal

    def label_of(self, choice: Choice) -> str:
        """What a choice is called where it stands apart from who it is for."""
        return label_of(choice, self.comers)

    def people(self, places: Mapping[str, int]) -> int:
        """How many come by so many places, by the keys of their prices."""
        return sum(places.get(each.key, 0) * each.weight for each in self.choices)

    def wanted(self, places: Mapping[str, int], wheelchairs: int = 0) -> "Wanted":
        """By which pass they wait, and what for each: who looks first, where they come along."""
        asked = [each for each in self.choices if places.get(each.key)]
        holders = {each.holder_id for each in asked}
        coming = [each for each in self.comers if each.membership_id in holders]
        first = coming[0].membership_id if coming else None
        said = shared_out([each.comers(places[each.key]) for each in asked], (), wheelchairs)
        lines = tuple(
            WantedPlaces(
                each.code,
                places[each.key],
                each.holder_id if each.holder_id != first else None,
                wheelchairs=theirs,
            )
            for each, (_seats, theirs) in zip(asked, said, strict=True)
        )
        return Wanted(first, lines, self.acting(coming))

    def acting(self, coming: Sequence[Comer]) -> ByRepresentative | None:
        """As who they ask it, where that is for another."""
        helped = tuple(each.membership_id for each in coming if each.helped)
        own_id = next((each.membership_id for each in coming if not each.helped), None)
        return ByRepresentative(self.person_id, helped, own_id) if helped and self.person_id else None


class Wanted(Struct, frozen=True):
    """`by`: who asks it for others; None where they come alone."""

    membership_id: UUID | None
    lines: tuple[WantedPlaces, ...]
    by: ByRepresentative | None


async def read_joining(
    tx: Executor, region_id: int, asks: WhoAsks, session_id: UUID, now: datetime
) -> Joining:
    """What who comes, or a guest, may wait for.

    Raises SessionUnknown, CourseUnknown, CourseBegun, and MayNotAct for somebody for whom they may not book.
    """
    cards = await read_cards(tx, region_id, [session_id], asks.member, now, language=asks.language)
    if not cards:
        raise RefusalError(SessionUnknown(session_id))
    own_id = asks.member.id if asks.member else None
    found = comers(own_id, asks.others, asks.who if asks.person_id else "", asks.own_name)
    course = await read_course_order(tx, region_id, session_id, asks.asked, now, language=asks.language)
    if course:
        offer = await read_course_offer(tx, region_id, found, course, session_id)
        dates = [
            WaitingDate(each.session_id, each.starts_at, each.ends_at, is_open=True)
            for each in course.to_come
        ]
    else:
        offer = await read_offer(tx, region_id, found, session_id)
        dates = await read_dates_of_event(tx, region_id, session_id, now)
    line = await read_line(tx, region_id, cards[0].session.event_id)
    assert line is not None
    asked = choosable(own_id, asks.others, found, asks.own_name)
    seating = await read_seated_sessions(tx, region_id, [each.id for each in dates])
    return Joining(
        cards[0],
        dates,
        offer.open,
        line,
        found,
        asked,
        asks.person_id,
        course,
        has_wheelchairs=any(seating.plans[each.plan_id].bits.wheelchairs for each in seating.sessions),
    )


def as_if_booked(command: JoinWaitingList) -> Book:
    """A guest who waits is counted as one who books."""
    lines = tuple(RequestedLine(each, "", 1, None) for each in command.session_ids)
    by = ByGuest(str(command.entry_id))
    return Book(command.region_id, command.entry_id, "", by, lines, command.channel, guest=command.guest)
