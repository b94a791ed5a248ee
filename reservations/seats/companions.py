"""Who comes along with a wheelchair sits beside it: whether that is so. Pure."""

from collections.abc import Collection, Iterable

from reservations.seats.plan import Seat, SeatKind, SeatPlan


def neighbours(plan: SeatPlan, seat: Seat) -> list[Seat]:
    """The seats right beside one, with no aisle between."""
    spot = plan.bits.of_seats[seat.key]
    spots, at = plan.rows[spot.row].spots, spot.bit.bit_length() - 1
    return [each for each in (*spots[max(0, at - 1) : at], *spots[at + 1 : at + 2]) if each]


def is_for_wheelchair(seat: Seat) -> bool:
    return seat.kind is SeatKind.WHEELCHAIR


def has_company(plan: SeatPlan, seat: Seat, others: Collection[str]) -> bool:
    """Whether any of these seats is right beside one."""
    return any(each.key in others for each in neighbours(plan, seat))


def sits_apart(plan: SeatPlan, keys: Iterable[str]) -> int:
    """Of people who come together: how many in a wheelchair have nobody beside them, though enough come.

    Seats that the plan does not have are left out.
    """
    seats = [plan.seats[key] for key in keys if key in plan.seats]
    wheelchairs = [each for each in seats if is_for_wheelchair(each)]
    if not wheelchairs:
        return 0
    others = {each.key for each in seats if not is_for_wheelchair(each)}
    alone = sum(not has_company(plan, each, others) for each in wheelchairs)
    return max(0, alone - max(0, len(wheelchairs) - len(others)))
