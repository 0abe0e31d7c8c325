"""Tests; what they share tells as much of a failed assertion as they do themselves."""

import pytest

pytest.register_assert_rewrite("tests.support")
