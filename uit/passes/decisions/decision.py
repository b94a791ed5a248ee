"""Motivated decisions: a refusal, a reversal or the end of a right, with why, and who looks at it again.

Why is read by the person, and by a counter that answers them; it is in no mail, log or trail.
"""

from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol
from uuid import UUID

from msgspec import Struct

from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound
from uit.core.translation import gettext as _
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.passes.counter import Counter
from uit.passes.errors import AlreadyAnswered, OwnDecision, TooLateToAskAgain
from uit.services.audit import Author

SQL = Statements(__name__)
TO_ASK_AGAIN: Final = timedelta(days=30)
MADE: Final = "decision.made"
ANSWERED: Final = "decision.answered"

What = Literal[
    "social_tariff_refused",
    "social_tariff_ended",
    "grant_refused",
    "grant_reversed",
    "membership_ended",
    "protection_refused",
]
Outcome = Literal["kept", "changed"]


class OfMember(Protocol):
    """The membership that a decision is about."""

    @property
    def id(self) -> UUID: ...

    @property
    def person_id(self) -> UUID: ...


class ServedBy(Struct, frozen=True):
    """For which dossier of which service something is done."""

    partner_id: UUID
    membership_id: UUID
    dossier: str


class NewDecision(Struct, frozen=True):
    """`subject` is what it is about, such as the name of a programme. `from_on`: from when it holds."""

    id: UUID
    what: What
    ground: str
    rule: str
    from_on: date
    subject: str = ""


class Decision(Struct, frozen=True):
    """`reviewer` and `complaints` are as they were when it was made. `asked_why`: why to look again."""

    id: UUID
    membership_id: UUID
    what: str
    subject: str
    ground: str
    rule: str
    from_on: date
    reviewer: str
    complaints: str
    made_at: datetime
    asked_again_at: datetime | None
    asked_why: str | None
    answered_at: datetime | None
    outcome: str | None
    answer: str | None

    @property
    def until(self) -> date:
        """The last day on which one can ask to look again."""
        return day_in_flanders(self.made_at) + TO_ASK_AGAIN


class WaitingDecision(Struct, frozen=True):
    """A decision of which somebody asks to look again, for the list of a counter.

    `name` and `what` are None of who is protected.
    """

    id: UUID
    membership_id: UUID
    name: str | None
    what: str | None
    asked_again_at: datetime


class LockedDecision(Struct, frozen=True):
    made_at: datetime
    asked_again_at: datetime | None
    answered_at: datetime | None
    actor_id: str
    answered_by: str | None
    outcome: str | None
    answer: str | None


class ReviewAnswer(Struct, frozen=True):
    """What becomes of a decision that was looked at again, and why."""

    decision_id: UUID
    outcome: Outcome
    text: str


class ReviewSetting(Struct, frozen=True):
    """Who of a region looks again, and its complaint service: name or function, and address."""

    reviewer: str
    complaints: str


class DecisionMessage(Struct, frozen=True):
    """A message of the outbox about a decision; it says nothing of it."""

    topic: str
    key: UUID
    payload: dict[str, object] = {}


insert_decision = SQL.command("insert_decision")
read_decisions = SQL.many("read_decisions", Decision)
made_by = SQL.value("made_by", list[UUID])
read_waiting = SQL.many("read_waiting", WaitingDecision)
lock_decision = SQL.maybe("lock_decision", LockedDecision)
write_ask = SQL.command("write_ask")
write_answer = SQL.command("write_answer")
read_setting = SQL.maybe("read_setting", ReviewSetting)
write_setting = SQL.command("write_setting")


def what_words() -> dict[str, str]:
    """Each decision as the person reads it."""
    return {
        "social_tariff_refused": _("Je krijgt geen kansentarief"),
        "social_tariff_ended": _("Je kansentarief stopt"),
        "grant_refused": _("Je krijgt geen krediet"),
        "grant_reversed": _("Je krediet is teruggenomen"),
        "membership_ended": _("Je lidmaatschap stopt"),
        "protection_refused": _("Je gegevens worden niet extra afgeschermd"),
    }


def usual_setting() -> ReviewSetting:
    """What stands where a region entered nothing yet."""
    return ReviewSetting(
        _("Het diensthoofd van de balie van je gemeente"), _("De klachtendienst van je gemeente")
    )


async def setting_of(tx: Executor, region_id: int) -> ReviewSetting:
    return await read_setting(tx, region_id) or usual_setting()


async def note_about(
    tx: Executor, author: Author, act: str, member: OfMember, served_by: ServedBy | None, **facts: str | int
) -> None:
    """Write an act about a member to the trail: of a service under its dossier, and no person."""
    if served_by is None:
        await author.note(tx, act, "person", member.person_id, **facts)
    else:
        partner = str(served_by.partner_id)
        await author.note(tx, act, "dossier", served_by.dossier, partner=partner, **facts)


async def make_decision(
    tx: Executor,
    author: Author,
    member: OfMember,
    wanted: NewDecision,
    served_by: ServedBy | None = None,
) -> bool:
    """Make a decision, once for its id; whether it is new. Its person hears that there is one, not which.

    `served_by`: the service that decides, where one does.
    """
    setting = await setting_of(tx, author.region_id)
    told = wanted.what, wanted.subject, wanted.ground, wanted.rule, wanted.from_on
    by = setting.reviewer, setting.complaints, author.actor_kind, author.actor_id, author.now
    if not await insert_decision(tx, author.region_id, wanted.id, member.id, *told, *by):
        return False
    await note_about(tx, author, "decision.make", member, served_by, id=str(wanted.id))
    await tell(tx, author, MADE, wanted.id)
    return True


async def ask_again(
    tx: Executor, author: Counter, membership: OfMember, decision_id: UUID, why: str
) -> LockedDecision | NotFound | TooLateToAskAgain:
    """Ask that somebody else looks at it. A repeat changes nothing. Refused: NotFound, TooLateToAskAgain."""
    found = await lock_decision(tx, author.region_id, membership.id, decision_id)
    if found is None:
        return NotFound()
    if found.asked_again_at is None:
        last_day = day_in_flanders(found.made_at) + TO_ASK_AGAIN
        if author.today > last_day:
            return TooLateToAskAgain(last_day)
        await write_ask(tx, author.region_id, decision_id, author.now, why)
        await author.note(tx, "decision.ask_again", "person", membership.person_id, id=str(decision_id))
    return found


async def answer(
    tx: Executor, author: Counter, membership: OfMember, given: ReviewAnswer
) -> LockedDecision | NotFound | OwnDecision | AlreadyAnswered:
    """Answer who asked to look again, by somebody else than who decided; the person is told.

    A repeat of the same answer by the same author changes nothing. Refused: NotFound where nobody
    asked, OwnDecision, AlreadyAnswered.
    """
    found = await lock_decision(tx, author.region_id, membership.id, given.decision_id)
    if found is None or found.asked_again_at is None:
        return NotFound()
    if found.answered_at is not None:
        same = author.actor_id, given.outcome, given.text
        return found if same == (found.answered_by, found.outcome, found.answer) else AlreadyAnswered()
    if found.actor_id == author.actor_id:
        return OwnDecision()
    row = given.decision_id, author.now, author.actor_id, given.outcome, given.text
    await write_answer(tx, author.region_id, *row)
    await author.note(tx, "decision.answer", "person", membership.person_id, id=str(given.decision_id))
    await tell(tx, author, ANSWERED, given.decision_id)
    return found


async def tell(tx: Executor, author: Author, topic: str, decision_id: UUID) -> None:
    await write_outbox(tx, author.region_id, as_json([DecisionMessage(topic, decision_id)]), author.now)
