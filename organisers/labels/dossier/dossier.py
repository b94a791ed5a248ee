"""A municipality's dossier: for day tourism, stay tourism or both, on the criteria of its first day."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from organisers.labels.dossier.history import BEGINNING, Act, Actor, Head, append
from organisers.labels.errors import AlreadyOpen, DossierUnknown, NoCriteria, NotYours
from organisers.labels.procedure.procedure import State
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PROGRAMME = "vakantiegemeente"
WITH_MUNICIPALITY: tuple[State, ...] = ("draft", "question")


class Dossier(Struct, frozen=True):
    """`name` is that of the municipality."""

    id: UUID
    programme: str
    criteria_version: int
    procedure_version: int
    refnis: str
    name: str
    kinds: list[Kind]
    state: State
    submitted_at: datetime | None
    closed_at: datetime | None
    history_no: int
    history_digest: bytes

    @property
    def head(self) -> Head:
        return Head(self.id, self.history_no, self.history_digest)

    @property
    def is_with_municipality(self) -> bool:
        return self.state in WITH_MUNICIPALITY


class Start(Struct, frozen=True):
    """Open a dossier under an id that the asker chose; a repeat has one effect."""

    dossier_id: UUID
    refnis: str
    kinds: Sequence[Kind]


class Rules(Struct, frozen=True):
    """The newest adopted criteria and procedure."""

    criteria_version: int
    procedure_version: int


rules_in_force = SQL.maybe("rules_in_force", Rules)
insert_dossier = SQL.command("insert_dossier")
write_directory = SQL.command("write_directory")
write_kinds = SQL.command("write_kinds")
lock_dossier = SQL.maybe("lock_dossier", Dossier)
read_dossier = SQL.maybe("read_dossier", Dossier)
newest_dossier = SQL.maybe("newest_dossier", Dossier)
open_dossier = SQL.value("open_dossier", UUID)


async def start(tx: Executor, ask: Start, by: Actor) -> Dossier | AlreadyOpen | NoCriteria:
    """Open a dossier. A municipality has one under way at a time."""
    rules = await rules_in_force(tx, PROGRAMME)
    if rules is None:
        return NoCriteria()
    opened = await insert_dossier(
        tx,
        ask.dossier_id,
        PROGRAMME,
        rules.criteria_version,
        rules.procedure_version,
        ask.refnis,
        list(ask.kinds),
        by.at,
        BEGINNING,
    )
    if opened:
        await write_directory(tx, ask.dossier_id)
        act = Act("start", "draft", facts={"kinds": " ".join(ask.kinds), "criteria": rules.criteria_version})
        await append(tx, Head(ask.dossier_id, 0, BEGINNING), by, act)
    elif (there := await open_dossier(tx, PROGRAMME, ask.refnis)) not in (None, ask.dossier_id):
        return AlreadyOpen(there)
    made = await read_dossier(tx, ask.dossier_id)
    assert made is not None
    return made


async def lock(tx: Executor, dossier_id: UUID) -> Dossier | DossierUnknown:
    """The dossier, which nobody else changes until the transaction ends."""
    return await lock_dossier(tx, dossier_id) or DossierUnknown(dossier_id)


async def lock_for_municipality(
    tx: Executor, dossier_id: UUID, refnis: str
) -> Dossier | DossierUnknown | NotYours:
    """The dossier, when it is this municipality's and with them."""
    dossier = await lock(tx, dossier_id)
    if isinstance(dossier, DossierUnknown) or dossier.refnis != refnis:
        return DossierUnknown(dossier_id)
    return dossier if dossier.is_with_municipality else NotYours(dossier.state)


async def ask_for(
    tx: Executor, dossier_id: UUID, refnis: str, kinds: Sequence[Kind], by: Actor
) -> DossierUnknown | NotYours | None:
    """Ask for other labels than at the start, as long as the dossier was not submitted."""
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if not isinstance(dossier, Dossier):
        return dossier
    if dossier.state != "draft":
        return NotYours(dossier.state)
    await write_kinds(tx, dossier.id, list(kinds))
    await append(tx, dossier.head, by, Act("ask_for", "draft", facts={"kinds": " ".join(kinds)}))
    return None
