"""A resident as the pages of a region greet them."""

from reservations.booking.facts import Holder
from uit.database.statements import Statements

SQL = Statements(__name__)


class Member(Holder, frozen=True):
    """A holder with a name, in a region, and the town where they live, with its number.

    `language`: in which they read, as they or a clerk said.
    """

    region_id: int
    given_name: str
    town: str | None
    refnis: str | None
    language: str


read_member = SQL.maybe("read_member", Member)
language_of = SQL.value("language_of", str)
regions_of_person = SQL.value("regions_of_person", list[int])
