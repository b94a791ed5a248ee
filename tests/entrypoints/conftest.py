"""The settings of the town in which commands are typed."""

import pytest

from tests.builders import World
from uit.core.settings import Settings


@pytest.fixture
def settings(world: World) -> Settings:
    return world.services.settings
