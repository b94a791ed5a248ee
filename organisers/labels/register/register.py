"""The public register: the labels of municipalities that are valid on a day."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from uit.database.statements import Statements

SQL = Statements(__name__)


class Label(Struct, frozen=True):
    """A label that a municipality has."""

    refnis: str
    municipality: str
    kind: Kind
    number: str
    valid_from: date
    valid_until: date


class LabelledTown(Struct, frozen=True):
    """A municipality with at least one label; `valid_until` is the day on which the first of them ends."""

    refnis: str
    name: str
    province: str
    kinds: list[Kind]
    valid_until: date


class RegisterTown(Struct, frozen=True):
    refnis: str
    name: str
    province: str


class Fact(Struct, frozen=True):
    """A figure that was established when the label was awarded."""

    name: str
    figure: Decimal
    unit: str


read_labels = SQL.many("read_labels", Label)
read_labelled_towns = SQL.many("read_labelled_towns", LabelledTown)
read_town = SQL.maybe("read_town", RegisterTown)
read_labels_of_town = SQL.many("read_labels_of_town", Label)
read_facts = SQL.many("read_facts", Fact)
