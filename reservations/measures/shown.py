"""What everybody reads of a measure on the page of a date: until when and why, as who took it wrote it."""

from datetime import date

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class ShownMeasure(Struct, frozen=True):
    from_on: date
    to_on: date
    reason: str


read_shown = SQL.maybe("read_shown", ShownMeasure)
