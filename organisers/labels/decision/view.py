"""A dossier with its claims, findings, decisions, awards and history, for its pages."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Criteria, Criterion, Kind
from organisers.labels.criteria.rule import Outcome
from organisers.labels.criteria.rule_text import as_text
from organisers.labels.decision.award import Award, read_awards
from organisers.labels.decision.decision import Decision, read_decisions
from organisers.labels.dossier.assess import Finding, read_findings
from organisers.labels.dossier.claim import Claim, missing, read_claims
from organisers.labels.dossier.dossier import Dossier, read_dossier
from organisers.labels.dossier.history import (
    Entry,
    HistoryLine,
    first_broken_entry,
    read_entries,
    read_history,
)
from organisers.labels.procedure import procedure
from organisers.labels.procedure.procedure import Procedure, StateHistory, Step
from uit.database.statements import Executor


class Row(Struct, frozen=True):
    """A criterion with its claim, its finding and its outcome."""

    criterion: Criterion
    claim: Claim | None
    finding: Finding | None
    outcome: Outcome


class DossierView(Struct, frozen=True):
    dossier: Dossier
    criteria: Criteria
    procedure: Procedure
    claims: dict[str, Claim]
    findings: dict[str, Finding]
    decisions: list[Decision]
    awards: list[Award]
    entries: list[Entry]
    history: list[HistoryLine]

    @property
    def asked(self) -> list[Criterion]:
        return self.criteria.asked(self.dossier.kinds)

    @property
    def missing(self) -> list[Criterion]:
        """The required criteria without an answer of the municipality."""
        return missing(self.asked, self.claims)

    @property
    def step(self) -> Step:
        return self.procedure.step(self.dossier.state)

    @property
    def question(self) -> str | None:
        """The open question of the assessor, or None."""
        if self.dossier.state != "question":
            return None
        return next(entry.reason for entry in reversed(self.entries) if entry.act == "ask")

    @property
    def first_broken_entry(self) -> int | None:
        """The number of the first entry of the history that was tampered with; None when there is none."""
        return first_broken_entry(self.dossier.head, self.entries)

    def days_left(self, today: date) -> int:
        states, since = [entry.state for entry in self.entries], [entry.at for entry in self.entries]
        return self.procedure.days_left(StateHistory(states, since), today)

    def rows(self, kind: Kind) -> Sequence[Row]:
        outcomes = self.criteria.outcomes(self.figures)
        return [
            Row(each, self.claims.get(each.code), self.findings.get(each.code), outcomes[each.code])
            for each in self.criteria.asked([kind])
        ]

    def rule_in_words(self, kind: Kind) -> str:
        """The rule of a kind as text, with the numbers of its rows."""
        numbers = {each.code: no for no, each in enumerate(self.criteria.asked([kind]), 1)}
        return as_text(self.criteria.rules[kind], numbers)

    def computed(self, kind: Kind) -> Outcome:
        """The outcome of the rule of a kind on the present findings."""
        return self.criteria.outcome_of(kind, self.figures)

    def decision(self, kind: Kind) -> Decision | None:
        return next(
            (each for each in self.decisions if each.kind == kind and each.ruling != "withdrawn"), None
        )

    def withdrawal(self, kind: Kind) -> Decision | None:
        return next(
            (each for each in self.decisions if each.kind == kind and each.ruling == "withdrawn"), None
        )

    def award(self, kind: Kind) -> Award | None:
        return next((each for each in self.awards if each.kind == kind), None)

    @property
    def figures(self) -> dict[str, Decimal | None]:
        return {code: finding.figure for code, finding in self.findings.items()}


async def read(tx: Executor, dossier_id: UUID) -> DossierView | None:
    """The view of the dossier with this id; None when there is none."""
    dossier = await read_dossier(tx, dossier_id)
    return None if dossier is None else await read_view(tx, dossier)


async def read_view(tx: Executor, dossier: Dossier) -> DossierView:
    return DossierView(
        dossier=dossier,
        criteria=await criteria.read(tx, dossier.programme, dossier.criteria_version),
        procedure=await procedure.read(tx, dossier.programme, dossier.procedure_version),
        claims={claim.code: claim for claim in await read_claims(tx, dossier.id)},
        findings={finding.code: finding for finding in await read_findings(tx, dossier.id)},
        decisions=await read_decisions(tx, dossier.id),
        awards=await read_awards(tx, dossier.id),
        entries=await read_entries(tx, dossier.id),
        history=await read_history(tx, dossier.id),
    )
