"""All that is in one dossier, for whoever looks at it: what was said, what was found, what that comes to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Criteria, Criterion, Kind
from organisers.labels.criteria.rule import Outcome
from organisers.labels.criteria.rule_text import say
from organisers.labels.decision.award import Award, read_awards
from organisers.labels.decision.decision import Decision, read_decisions
from organisers.labels.dossier.assess import Finding, read_findings
from organisers.labels.dossier.claim import Claim, missing, read_claims
from organisers.labels.dossier.dossier import Dossier, read_dossier
from organisers.labels.dossier.history import Entry, HistoryLine, first_wrong, read_entries, read_told
from organisers.labels.procedure import procedure
from organisers.labels.procedure.procedure import Passage, Procedure, Step
from uit.database.statements import Executor


class Row(Struct, frozen=True):
    """A question with what stands next to it."""

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
    told: list[HistoryLine]

    @property
    def asked(self) -> list[Criterion]:
        return self.criteria.asked(self.dossier.kinds)

    @property
    def missing(self) -> list[Criterion]:
        """The required questions that the municipality did not answer yet."""
        return missing(self.asked, self.claims)

    @property
    def step(self) -> Step:
        return self.procedure.step(self.dossier.state)

    @property
    def question(self) -> str | None:
        """What the assessor asked, while it is open."""
        if self.dossier.state != "question":
            return None
        return next(entry.reason for entry in reversed(self.entries) if entry.act == "ask")

    @property
    def first_wrong(self) -> int | None:
        """The first entry of the history that is not as it was written; None when all is whole."""
        return first_wrong(self.dossier.head, self.entries)

    def days_left(self, today: date) -> int:
        states, since = [entry.state for entry in self.entries], [entry.at for entry in self.entries]
        return self.procedure.days_left(Passage(states, since), today)

    def rows(self, kind: Kind) -> Sequence[Row]:
        outcomes = self.criteria.outcomes(self.figures)
        return [
            Row(each, self.claims.get(each.code), self.findings.get(each.code), outcomes[each.code])
            for each in self.criteria.asked([kind])
        ]

    def rule_in_words(self, kind: Kind) -> str:
        """When a kind is earned, over the numbers of its rows."""
        numbers = {each.code: no for no, each in enumerate(self.criteria.asked([kind]), 1)}
        return say(self.criteria.rules[kind], numbers)

    def computed(self, kind: Kind) -> Outcome:
        """What the rules say of the findings as they stand."""
        return self.criteria.judge(kind, self.figures)

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
    def figures(self) -> dict[str, int | None]:
        return {code: finding.figure for code, finding in self.findings.items()}


async def read(tx: Executor, dossier_id: UUID) -> DossierView | None:
    """A dossier, whole; None when there is none."""
    dossier = await read_dossier(tx, dossier_id)
    return None if dossier is None else await of(tx, dossier)


async def of(tx: Executor, dossier: Dossier) -> DossierView:
    return DossierView(
        dossier=dossier,
        criteria=await criteria.read(tx, dossier.programme, dossier.criteria_version),
        procedure=await procedure.read(tx, dossier.programme, dossier.procedure_version),
        claims={claim.code: claim for claim in await read_claims(tx, dossier.id)},
        findings={finding.code: finding for finding in await read_findings(tx, dossier.id)},
        decisions=await read_decisions(tx, dossier.id),
        awards=await read_awards(tx, dossier.id),
        entries=await read_entries(tx, dossier.id),
        told=await read_told(tx, dossier.id),
    )
