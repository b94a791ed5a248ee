"""Dossiers for tests: made through the real verbs, by staff who may."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Kind
from organisers.labels.decision.decision import Verdict
from organisers.labels.dossier import assess, claim, dossier
from organisers.labels.dossier.answer import PROOF
from organisers.labels.dossier.assess import Finding
from organisers.labels.dossier.dossier import StartDossier
from organisers.labels.dossier.draft import KeptAnswers, TypedAnswer
from organisers.labels.dossier.history import Actor
from organisers.labels.procedure import procedure
from tests.builders import World
from uit.core.clock import day_in_flanders

KOKSIJDE = "38014"
BOTH: tuple[Kind, ...] = ("day", "stay")

CLAIMED = {
    "info_points": 2,
    "info_open_days": 310,
    "info_on_weekends": 1,
    "public_toilets": 12,
    "accessible_routes": 9,
    "cycling_signs": 98,
    "events": 140,
    "sights": 8,
    "calendar_online": 1,
    "nights": 60_000,
    "nights_per_thousand": 2_700,
    "licensed_lodgings": 85,
    "accessible_lodgings": 4,
    "all_season": 70,
    "tax_earmarked": 1,
}
FOUND = CLAIMED | {"nights": 52_000, "licensed_lodgings": 6}
"""Enough for a day, and too few licensed lodgings to stay."""


@dataclass(frozen=True)
class Town:
    """A municipality with a dossier, and the staff around it."""

    world: World
    refnis: str
    dossier_id: UUID
    clerk: UUID
    assessor: UUID
    officer: UUID

    @property
    def address(self) -> str:
        return f"/labels/dossiers/{self.dossier_id}"

    def by(self, role: str) -> Actor:
        staff_id = {"municipality": self.clerk, "assessor": self.assessor, "tourism_officer": self.officer}[
            role
        ]
        return Actor(staff_id, role, self.world.clock.now())

    def verdict(self, kind: Kind, ruling: str, **more: str) -> Verdict:
        """A decision that follows or deviates, told today."""
        said = {"reasons": "Nagekeken ter plaatse.", "deviation": ""} | more
        today = day_in_flanders(self.world.clock.now())
        return Verdict(uuid4(), self.dossier_id, kind, ruling, said["reasons"], today, said["deviation"])  # type: ignore[arg-type]


async def adopt_example(world: World) -> None:
    async with world.services.database.transaction() as tx:
        await criteria.adopt(tx, criteria.read_example(), world.clock.now())
        await procedure.adopt(tx, procedure.read_example(), world.clock.now())


async def start(
    world: World, refnis: str = KOKSIJDE, name: str = "Koksijde", kinds: tuple[Kind, ...] = BOTH
) -> Town:
    """A dossier without an answer. Nobody is signed in as the assessor: the officer is, who was last."""
    await adopt_example(world)
    await world.municipality(refnis, name)
    town = Town(
        world,
        refnis,
        uuid4(),
        clerk=await world.sign_in_staff("municipality", region_id=0, refnis=refnis),
        assessor=await world.sign_in_staff("assessor", region_id=0),
        officer=await world.sign_in_staff("tourism_officer", region_id=0),
    )
    async with world.services.database.transaction() as tx:
        await dossier.start(tx, StartDossier(town.dossier_id, refnis, kinds), town.by("municipality"))
    return town


async def submitted(world: World, claimed: dict[str, int] = CLAIMED, **more: str) -> Town:
    town = await start(world, **more)  # type: ignore[arg-type]
    async with world.services.database.transaction() as tx:
        typed = [TypedAnswer(code, str(figure)) for code, figure in claimed.items()]
        typed += [TypedAnswer(f"{code}{PROOF}", "op de website") for code in claimed]
        by = town.by("municipality")
        assert isinstance(await claim.keep(tx, town.dossier_id, town.refnis, typed, by), KeptAnswers)
        assert await claim.settle(tx, town.dossier_id, town.refnis, list(claimed), by) is None
        assert await claim.submit(tx, town.dossier_id, town.refnis, by) is None
    return town


async def assessed(world: World, found: dict[str, int] = FOUND, **more: str) -> Town:
    town = await submitted(world, **more)  # type: ignore[arg-type]
    async with world.services.database.transaction() as tx:
        figures = {code: Decimal(figure) for code, figure in found.items()}
        findings = [Finding(code, figures.get(code), "ter plaatse geteld") for code in CLAIMED]
        by = town.by("assessor")
        assert await assess.record(tx, town.dossier_id, findings, by) is None
        assert await assess.hand_over(tx, town.dossier_id, by) is None
    return town
