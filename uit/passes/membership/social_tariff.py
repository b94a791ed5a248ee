"""The social tariff of a member: given on a proof until a day, and ended sooner by a decision."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct

from uit.core.errors import NotFound
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.passes.counter import Counter
from uit.passes.decisions.decision import NewDecision, OfMember, ServedBy, make_decision, note_about
from uit.passes.membership.membership import Membership, lock_membership
from uit.services.audit import Author

SQL = Statements(__name__)

SOCIAL_RULE: Final = "social-tariff-1"
SOCIAL_END: Final = (4, 30)
DAY: Final = timedelta(days=1)


class Proof(Struct, frozen=True):
    """A document that gives right to the social tariff. It is stored for auditors only."""

    id: UUID
    officer_id: UUID
    document_kind: str
    reference: str
    until: date


insert_attestation = SQL.command("insert_attestation")
set_social_until = SQL.command("set_social_until")
mark_proven = SQL.command("mark_proven")


async def allow_social_tariff(
    tx: Executor,
    author: Author,
    member: OfMember,
    proof: Proof,
    served_by: ServedBy | None = None,
) -> Membership | NotFound:
    """Give the social tariff until a day, on a proof that somebody saw. A repeated proof counts once.

    What a service gave before there was a proof is final by it, whoever saw it. Where the tariff was to last
    longer, that is a decision. `served_by`: the service that does it, where one does. Refused: NotFound.
    """
    locked = await lock_membership(tx, author.region_id, member.id)
    if locked is None:
        return NotFound()
    row = proof.id, locked.id, proof.until, proof.reference, proof.document_kind, proof.officer_id
    if not await insert_attestation(tx, author.region_id, *row, SOCIAL_RULE, author.now):
        return locked
    await set_social_until(tx, author.region_id, locked.id, proof.until)
    await mark_proven(tx, author.region_id, locked.id, author.now)
    await note_about(tx, author, "attestation.write", locked, served_by)
    if locked.social_until and author.today <= locked.social_until > proof.until:
        await make_decision(tx, author, locked, ended_sooner(proof), served_by)
    return locked


async def end_social_tariff(
    tx: Executor, counter: Counter, member: OfMember, wanted: NewDecision
) -> Membership | NotFound:
    """Decide, once, that the tariff ends: the day before is its last at the latest. Refused: NotFound."""
    locked = await lock_membership(tx, counter.region_id, member.id)
    if locked is None:
        return NotFound()
    until = locked.social_until
    is_new = await make_decision(tx, counter, locked, wanted)
    if is_new and until is not None and until >= wanted.from_on:
        await set_social_until(tx, counter.region_id, locked.id, wanted.from_on - DAY)
        await counter.note(tx, "social_tariff.end", "person", locked.person_id, id=str(wanted.id))
    return locked


def ended_sooner(proof: Proof) -> NewDecision:
    """What a member reads when a new proof holds less long than their tariff did."""
    ground = _("Het bewijs dat we zagen, geldt minder lang dan het kansentarief dat je had.")
    rule = _("Het kansentarief geldt zolang het bewijs geldt.")
    return NewDecision(uuid5(proof.id, "sooner"), "social_tariff_ended", ground, rule, proof.until + DAY)


def usual_social_end(day: date) -> date:
    """The usual last day of the social tariff: 30 April of the next year, as in UiTPAS."""
    return date(day.year + 1, *SOCIAL_END)
