"""Dossiers: the request of a municipality for the label of day tourism, stay tourism or both."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from organisers.labels.dossier.history import NO_DIGEST, Act, Actor, Head, append
from organisers.labels.errors import AlreadyOpen, DossierUnknown, NoCriteria, NotYours
from organisers.labels.procedure.procedure import State
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PROGRAMME = "vakantiegemeente"
WITH_MUNICIPALITY: tuple[State, ...] = ("draft", "question")


class Dossier(Struct, frozen=True):
    """A dossier, with the versions of criteria and procedure of its start; `name` is the municipality's."""

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


class StartDossier(Struct, frozen=True):
    """The command to start a dossier under an id that the caller chose; a repeat has one effect."""

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


async def start(tx: Executor, command: StartDossier, by: Actor) -> Dossier | AlreadyOpen | NoCriteria:
    """Start a dossier. Refused: AlreadyOpen, when the municipality has an open dossier; NoCriteria."""
    rules = await rules_in_force(tx, PROGRAMME)
    if rules is None:
        return NoCriteria()
    opened = await insert_dossier(
        tx,
        command.dossier_id,
        PROGRAMME,
        rules.criteria_version,
        rules.procedure_version,
        command.refnis,
        list(command.kinds),
        by.at,
        NO_DIGEST,
    )
    if opened:
        await write_directory(tx, command.dossier_id)
        act = Act(
            "start", "draft", facts={"kinds": " ".join(command.kinds), "criteria": rules.criteria_version}
        )
        await append(tx, Head(command.dossier_id, 0, NO_DIGEST), by, act)
    elif (there := await open_dossier(tx, PROGRAMME, command.refnis)) not in (None, command.dossier_id):
        return AlreadyOpen(there)
    made = await read_dossier(tx, command.dossier_id)
    assert made is not None
    return made


async def lock(tx: Executor, dossier_id: UUID) -> Dossier | DossierUnknown:
    """Lock a dossier until the transaction ends."""
    return await lock_dossier(tx, dossier_id) or DossierUnknown(dossier_id)


async def lock_for_municipality(
    tx: Executor, dossier_id: UUID, refnis: str
) -> Dossier | DossierUnknown | NotYours:
    """Lock a dossier that this municipality may change.

    Refused: DossierUnknown, also for a dossier of another municipality; NotYours in another state.
    """
    dossier = await lock(tx, dossier_id)
    if isinstance(dossier, DossierUnknown) or dossier.refnis != refnis:
        return DossierUnknown(dossier_id)
    return dossier if dossier.is_with_municipality else NotYours(dossier.state)


async def change_kinds(
    tx: Executor, dossier_id: UUID, refnis: str, kinds: Sequence[Kind], by: Actor
) -> DossierUnknown | NotYours | None:
    """Change the kinds of label of a dossier that was not submitted. Refused: DossierUnknown, NotYours."""
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if not isinstance(dossier, Dossier):
        return dossier
    if dossier.state != "draft":
        return NotYours(dossier.state)
    await write_kinds(tx, dossier.id, list(kinds))
    await append(tx, dossier.head, by, Act("ask_for", "draft", facts={"kinds": " ".join(kinds)}))
    return None
