"""What groups book, give up and are called off, against the model: within their years, from their purses."""

from collections import Counter
from uuid import UUID

from hypothesis import given, settings

from reservations.booking.facts import Facts
from tests.reservations.booking.judging import decided, judge_one_by_one
from tests.reservations.booking.model import Model
from tests.reservations.booking.strategies import Case
from tests.reservations.booking.strategies_basics import NOW
from tests.reservations.booking.strategies_group import GROUPS, group_cases

YEARS = (2026, 2027)


def no_group_has_more_in_a_year_than_its_pass_gives_or_than_it_had(case: Case) -> None:
    facts, commands = case
    before, (model, _) = Model(facts, NOW), decided(facts, commands)

    for each in facts.groups:
        for year in YEARS:
            had = before.taken_in(each.id, year)
            assert model.taken_in(each.id, year) <= max(each.tickets_a_year, had)


def what_a_group_books_is_paid_from_its_purse_and_no_other(case: Case) -> None:
    facts, commands = case
    model, rows = decided(facts, commands)
    wallets = wallets_of(facts)

    spent = Counter[UUID | None]()
    for row in rows.holds:
        spent[wallets[row.purse_id]] += row.amount_cents
    assert spent.keys() <= {*GROUPS}
    assert spent == +paid(facts, model)


def paid(facts: Facts, model: Model) -> Counter[UUID | None]:
    """What each group put aside anew, by what it booked and by what stayed of what it gave up."""
    cents, wallets = Counter[UUID | None](), wallets_of(facts)
    for booked in model.booked:
        for line in booked.booking.lines:
            if line.wallet_id and line.credit_cents:
                cents[line.wallet_id] += line.credit_cents
    for ended in model.ended:
        for hold in ended.holds:
            cents[wallets[hold.purse_id]] += hold.cents
    return cents


def wallets_of(facts: Facts) -> dict[UUID, UUID | None]:
    """Whose each purse is; of one that is empty, only what it paid is known."""
    paid_by = {
        part.purse_id: line.wallet_id
        for booking in facts.bookings
        for part in booking.credit
        for line in booking.lines
        if line.no == part.line_no
    }
    return paid_by | {each.id: each.wallet_id for each in facts.purses}


PROMISES = (
    no_group_has_more_in_a_year_than_its_pass_gives_or_than_it_had,
    what_a_group_books_is_paid_from_its_purse_and_no_other,
)


@settings(max_examples=300)
@given(group_cases())
def test_a_batch_of_groups_is_answered_as_if_each_command_came_alone(case: Case) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    judge_one_by_one(case)
    for promise in PROMISES:
        promise(case)
