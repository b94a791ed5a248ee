"""What the tests of making courses share."""

from uuid import uuid4

from tests.builders import World
from tests.reservations.enrolment.world import TestCourse, make_course


async def dates(world: World, count: int = 4) -> TestCourse:
    """Dates of an activity that are of no course yet, and its organiser at the desk."""
    made = await make_course(world, count)
    for table in ("course_date", "course_price", "course"):
        await world.execute(f"DELETE FROM reservations.{table}")
    await world.sign_in_staff("organiser", organiser_id=made.first.organiser_id)
    return TestCourse(uuid4(), made.dates)
