"""When a service may give the social tariff before there is a proof."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from uit.passes.errors import HasTariff, ProvisionalBefore
from uit.passes.provisional.provisional import Provisional, refuse_provisional

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)


def given(on: date, *, proven: bool = False) -> Provisional:
    return Provisional(UUID(int=1), on, on + timedelta(days=60), proven)


@pytest.mark.parametrize(
    ("social_until", "before", "refusal"),
    [
        (None, [], None),
        (YESTERDAY, [], None),
        (TODAY, [], HasTariff(TODAY)),
        (date(2027, 4, 30), [given(date(2026, 1, 1), proven=True)], HasTariff(date(2027, 4, 30))),
        (None, [given(date(2026, 1, 1), proven=True)], None),
        (YESTERDAY, [given(date(2026, 1, 1))], ProvisionalBefore(date(2027, 1, 1))),
        (YESTERDAY, [given(date(2025, 3, 3))], ProvisionalBefore(date(2026, 3, 3))),
        (YESTERDAY, [given(date(2025, 3, 2))], None),
    ],
)
def test_once_a_year_without_a_proof_and_never_beside_a_tariff(
    social_until: date | None, before: list[Provisional], refusal: HasTariff | ProvisionalBefore | None
) -> None:
    assert refuse_provisional(TODAY, social_until, before) == refusal


def test_it_is_open_until_its_last_day_unless_it_was_proven() -> None:
    one = given(TODAY)

    assert one.is_open_on(date(2026, 5, 1))
    assert not one.is_open_on(date(2026, 5, 2))
    assert not given(TODAY, proven=True).is_open_on(TODAY)
