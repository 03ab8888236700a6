"""The tests themselves: how they are handed out."""

from __future__ import annotations

import pytest


def test_a_group_of_tests_goes_to_one_process(request: pytest.FixtureRequest) -> None:
    """pytest-xdist goes by the end of a test's name. Without it every language would be built several times over."""
    if not request.config.getoption("loadgroup", False):
        pytest.skip("tests are handed out in groups by --dist loadgroup alone")
    assert request.node.nodeid.endswith("@test_suite")
