"""A sample of the fuzzing that `python -m tests.fuzzing.run` does at length, with hypothesis's
choices in place of a seed's: what it finds, it makes small."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.run import chance_of
from tests.fuzzing.targets import TARGETS, Target

# By chance of their own, and the same each time; 10,000 of each are tried by the command.
FIXED = range(1_000_000, 1_000_100)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@settings(
    max_examples=80,
    deadline=5000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(chance=st.randoms(use_true_random=False))
def test_whatever_comes_is_taken_soundly_or_refused(target: Target, chance: Random) -> None:
    assert target.check(chance) in ("taken", "refused")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_same_inputs_each_time(target: Target) -> None:
    outcomes = [target.check(chance_of(target, number)) for number in FIXED]
    # Inputs that are all refused would try nothing.
    assert outcomes.count("taken") >= 5
