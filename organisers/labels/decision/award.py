"""Awards: a label with a number and a period of validity. The public register shows the awards."""

from datetime import date

from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from organisers.labels.decision.decision import Verdict
from organisers.labels.dossier.dossier import Dossier
from organisers.labels.procedure.procedure import Procedure
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Award(Struct, frozen=True):
    """Valid from `starts_on` until `ends_on`, both included, and not from `withdrawn_on` on."""

    kind: Kind
    number: str
    starts_on: date
    ends_on: date
    withdrawn_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on and (
            self.withdrawn_on is None or day < self.withdrawn_on
        )


next_number = SQL.value("next_number", int)
free_from = SQL.value("free_from", date)
insert_award = SQL.one("insert_award", Award)
end_award = SQL.command("end_award")
read_awards = SQL.many("read_awards", Award)


async def issue(tx: Executor, verdict: Verdict, dossier: Dossier, rules: Procedure, today: date) -> Award:
    """Award a label from today, or from the end of the present award of this kind."""
    starts_on = await free_from(tx, dossier.programme, dossier.refnis, verdict.kind, today)
    number = f"VG-{today.year}-{await next_number(tx):04}"
    return await insert_award(
        tx,
        verdict.id,
        dossier.id,
        dossier.programme,
        dossier.refnis,
        verdict.kind,
        number,
        starts_on,
        rules.valid_years,
    )


async def end(tx: Executor, dossier: Dossier, kind: Kind, today: date) -> None:
    """Withdraw an award from today; one that has not started never becomes valid."""
    await end_award(tx, dossier.id, kind, today)
