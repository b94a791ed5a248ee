"""What the drawer of a till gives at once, where tickets are swapped or a booking changes."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from msgspec.structs import replace

from credits.till.giving_back import TillRefund
from credits.till.sale import Sale
from reservations.booking.answers import Answer, Changed, PaymentRefund, Swapped
from uit.core.ids import Ids


def payouts_of(answers: Sequence[Answer], ids: Ids) -> list[TillRefund]:
    """What is given from drawers, for `credits.write_till_refunds`: written after the rows of the batch."""
    return [payout for answer in answers for payout in payouts_of_one(answer, ids)]


def payouts_of_one(answer: Answer, ids: Ids) -> Iterator[TillRefund]:
    if isinstance(answer, Swapped):
        given = payouts(answer.given, answer.till_session_id, answer.staff_id, answer.booked.sale, ids)
        yield from with_rounding(given, answer.rounding_cents, ids)
    elif isinstance(answer, Changed) and answer.at_till:
        origin, sale = answer.at_till.origin, answer.at_till.sale
        given = payouts(answer.given, origin.till_session_id, origin.sold_by, sale, ids)
        yield from with_rounding(given, answer.at_till.rounding_cents, ids)


def payouts(
    given: Iterable[PaymentRefund], till_session_id: UUID, made_by: UUID, sale: Sale | None, ids: Ids
) -> Iterator[TillRefund]:
    """`made_by`: who works at that till. `sale`: what was sold in the same moment."""
    receipt_id = sale.id if sale else None
    for each in given:
        yield TillRefund(ids.new(), each.refund.id, till_session_id, made_by, receipt_id=receipt_id)


def with_rounding(given: Iterable[TillRefund], rounding_cents: int, ids: Ids) -> Iterator[TillRefund]:
    """What is given, of which the first carries what it was rounded by."""
    for no, each in enumerate(given):
        is_rounded = rounding_cents and not no
        yield replace(each, rounding_cents=rounding_cents, rounding_id=ids.new()) if is_rounded else each
