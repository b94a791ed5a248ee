"""The refusals of passes, cards and memberships."""

from datetime import date
from uuid import UUID

from uit.core.errors import Refusal


class PassUnknown(Refusal, code="passes.pass_unknown", status=404):
    """The pass is not of this region, or its token was renewed."""


class PassNotActive(Refusal, code="passes.pass_not_active", status=409):
    """The card is blocked or replaced, or the membership has ended; the refusal does not say which."""


class NoAddress(Refusal, code="passes.no_address", status=409):
    """Nobody can write to somebody of whom no address is known."""


class NumberWrong(Refusal, code="passes.number_wrong", status=422):
    """The check digit of the number is wrong: a digit was typed or read wrong."""


class NameTooShort(Refusal, code="passes.name_too_short", status=422):
    """Each word of the name is one letter: so many begin with it that nobody is found."""


class AlreadyMember(Refusal, code="passes.already_member", status=409):
    """The person has a membership in the region already. For staff only."""

    membership_id: UUID


class Duplicate(Refusal, code="passes.duplicate", status=409):
    """Members of the region have the same name and birth date, and may be other persons. For staff only."""

    name: str
    membership_ids: tuple[UUID, ...]


class OtherPerson(Refusal, code="passes.other_person", status=409):
    """The national number is of a person with another birth date; the refusal does not say of whom."""


class ResumeFirst(Refusal, code="passes.resume_first", status=409):
    """Another region ended the person and has to take it back; the refusal does not say which or why."""


class MembershipOver(Refusal, code="passes.membership_over", status=409):
    """The membership ended by its last day: taken back, it would last longer than it was given for."""


class MembershipEnded(Refusal, code="passes.membership_ended", status=409):
    """A clerk ended the membership, or nobody used it: who lets it go on takes that back first."""


class TooLateToAskAgain(Refusal, code="passes.too_late_to_ask_again", status=409):
    """One asks within thirty days that somebody looks at a decision again."""

    last_day: date


class OwnDecision(Refusal, code="passes.own_decision", status=403):
    """Who made a decision does not look at it again. For staff only."""


class AlreadyAnswered(Refusal, code="passes.already_answered", status=409):
    """Somebody answered already that the decision was looked at again. For staff only."""


class HasCard(Refusal, code="passes.has_card", status=409):
    """The member has an active card of this kind; a lost card has to be replaced."""

    kind: str


class PassOfAnother(Refusal, code="passes.pass_of_another", status=409):
    """The pass that was scanned is somebody else's than whose page is open; it does not say whose."""


class PermissionNeeded(Refusal, code="passes.permission_needed", status=403):
    """Nothing permits this clerk to act for the member now: it was not asked, or it is a while ago."""


class CannotMerge(Refusal, code="passes.cannot_merge", status=409):
    """Two members are not made one. For staff only.

    `why`: `protected`, `died`, `acts` when one may act for the other, or `over` when the one to stay is no
    member any more or either went into another already.
    """

    why: str


class MergeStands(Refusal, code="passes.merge_stands", status=409):
    """A merge is not undone. For staff only.

    `why`: `late`, `credit` when something was booked since with credit that moved, `email` when an address is
    somebody else's by now, `over` when the one that stayed ended, or `again` when they went into another.
    """

    why: str


class Merged(Refusal, code="passes.merged", status=409):
    """The membership went into another one; that is undone on the page of either."""


class GroupTicketsTaken(Refusal, code="passes.group_tickets_taken", status=409):
    """In people: a group has so many places at the social tariff in a year, over all its bookings."""

    year: int
    places_asked: int
    places_left: int


class HasTariff(Refusal, code="passes.has_tariff", status=409):
    """The member has the social tariff already. For their service only."""

    until: date


class ProvisionalBefore(Refusal, code="passes.provisional_before", status=409):
    """A tariff was given without a proof before, and none came. For their service only."""

    again_on: date
