"""The tests. What their own modules assert explains itself, as it does in a test."""

from pkgutil import iter_modules

import pytest

pytest.register_assert_rewrite(*(each.name for each in iter_modules(__path__, "tests.")))
