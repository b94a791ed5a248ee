"""Who may have a place, said slowly: holders, groups, and who acts for somebody.

A part of the model: see `model.py`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from reservations import errors
from reservations.booking.actor import (
    Actor,
    ByGroup,
    ByRepresentative,
    CardProof,
    GroupProof,
    HolderProof,
    MembershipProof,
)
from reservations.booking.commands import Book, RequestedLine
from reservations.booking.counted import GroupUse
from reservations.booking.facts import GivenFor, Group, Holder, Session
from tests.reservations.booking.model_paying import HAS_A_PLACE, Priced
from tests.reservations.booking.model_state import State, day_of
from uit.core.errors import Refusal
from uit.passes.errors import GroupTicketsTaken, PassNotActive, PassUnknown

SOCIAL = {"social", "kansentarief"}
"""What a tariff for who has the social tariff is called, in cases and in the database."""


class Holders(State):
    """Knows who a place is for."""

    def priced(self, command: Book) -> Iterator[Priced]:
        for line in command.lines:
            session = self.session(line.session_id)
            assert session
            yield session, next(each for each in session.tariffs or () if each.code == line.tariff), line

    def holder(self, proof: HolderProof | None) -> Holder | None:
        if isinstance(proof, GroupProof):
            return next((each for each in self.facts.groups if each.id == proof.group_id), None)
        for each in self.facts.holders:
            if isinstance(proof, CardProof):
                if (each.card_id, each.token_version) == (proof.card_id, proof.token_version):
                    return each
            elif proof == MembershipProof(each.id) and each.card_id is None:
                return each
        return None

    def wallet_id(self, line: RequestedLine) -> UUID | None:
        """Who comes and pays; nobody whom we know is a guest."""
        holder = self.holder(line.holder)
        return holder.id if holder else None

    def holder_refusal(self, proof: HolderProof | None) -> Refusal | None:
        holder = self.holder(proof)
        if holder is None:
            return PassUnknown()
        over = holder.ends_on is not None and day_of(self.now) > holder.ends_on
        blocked = isinstance(proof, CardProof) and not holder.card_active
        return PassNotActive() if over or blocked or not holder.active else None

    def acting_refused(self, by: Actor, holder_ids: Iterable[UUID | None]) -> Refusal | None:
        """Whether somebody who acts for others may not book for one of these."""
        if not isinstance(by, ByRepresentative):
            return None
        good = [each == by.own_id or self.may_book(by, each) for each in holder_ids if each]
        return None if all(good) and all(holder_ids) else errors.MayNotAct()

    def may_book(self, by: ByRepresentative, membership_id: UUID) -> bool:
        return membership_id in by.membership_ids and any(
            "book" in each.powers for each in self.in_force(by, membership_id)
        )

    def in_force(self, by: ByRepresentative, membership_id: UUID) -> list[GivenFor]:
        """What the cases have of it: trusted persons, who agreed or not, and parents of who is not 18 yet."""
        return [
            each
            for each in self.facts.given
            if (each.representative_id, each.membership_id) == (by.person_id, membership_id)
            and (each.is_accepted if each.kind == "trusted" else is_minor(each.born_on, day_of(self.now)))
        ]

    def uses(self, command: Book) -> Iterator[GroupUse]:
        """The people that a booking counts for the year of each date: those at the social tariff."""
        for no, (session, tariff, line) in enumerate(self.priced(command), start=1):
            group = self.holder(line.holder)
            if isinstance(group, Group) and tariff.eligibility == "social":
                year, people = day_of(session.starts_at).year, line.places * tariff.weight
                yield GroupUse(group.id, year, command.booking_id, no, people, group.tickets_a_year)

    def taken_in(self, group_id: UUID, year: int) -> int:
        """The people who come, or came, by what counts for that year: in bookings that we know and do not."""
        counted = [*self.facts.group_use, *(use for booked in self.booked for use in booked.uses)]
        return sum(
            self.people(each) if each.booking_id in self.bookings else each.people
            for each in counted
            if (each.group_id, each.year) == (group_id, year)
        )

    def people(self, use: GroupUse) -> int:
        return sum(
            ticket.weight
            for line in self.bookings[use.booking_id].lines
            for ticket in line.tickets
            if line.no == use.line_no and ticket.status in HAS_A_PLACE
        )

    def year_refusal(self, command: Book) -> Refusal | None:
        uses = list(self.uses(command))
        for year in dict.fromkeys(each.year for each in uses):
            theirs = [each for each in uses if each.year == year]
            asked_for = sum(each.people for each in theirs)
            left = max(0, theirs[0].most - self.taken_in(theirs[0].group_id, year))
            if asked_for > left:
                return GroupTicketsTaken(year, asked_for, left)
        return None

    def social_places(self, command: Book, session: Session, holder: Holder) -> int:
        """What this holder asks at social tariffs of a session, in the whole booking, by whatever proof."""
        social = {each.code for each in session.tariffs or () if each.eligibility == "social"}
        return sum(
            line.places
            for line in command.lines
            if line.session_id == session.id and line.tariff in social and self.wallet_id(line) == holder.id
        )

    def social_taken(self, session_id: UUID, holder_id: UUID) -> int:
        """What this holder has at social tariffs of a session, by bookings that we do not know and do."""
        unknown = sum(
            each.places
            for each in self.facts.personal
            if each.booking_id not in self.bookings
            and (each.session_id, each.holder_id) == (session_id, holder_id)
        )
        return unknown + sum(
            ticket.status in HAS_A_PLACE
            for booking in self.bookings.values()
            for line in booking.lines
            if (line.session_id, line.holder_id) == (session_id, holder_id) and line.tariff_code in SOCIAL
            for ticket in line.tickets
        )


def holder_of(line: RequestedLine) -> UUID | None:
    return line.holder.membership_id if isinstance(line.holder, MembershipProof) else None


def group_refused(command: Book) -> Refusal | None:
    """A worker books for their group and for nobody else, and nobody else for a group."""
    groups = {line.holder.group_id if isinstance(line.holder, GroupProof) else None for line in command.lines}
    allowed = {command.by.group_id} if isinstance(command.by, ByGroup) else {None}
    return None if groups <= allowed else errors.MayNotAct()


def is_minor(born_on: date | None, today: date) -> bool:
    return born_on is None or (born_on.year + 18, born_on.month, born_on.day) > (
        today.year,
        today.month,
        today.day,
    )
