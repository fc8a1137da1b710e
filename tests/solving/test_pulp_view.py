import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cogov_opt.errors import UnsupportedError
from cogov_opt.solving.backends import pulp_view
from tests.solving.small import at_random, best

pytestmark = pytest.mark.solver


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6))
@example(seed=17163)
def test_another_solver_says_the_same(seed):
    """CBC, through PuLP, agrees with brute force on the first stage."""
    f = at_random(seed)
    wanted = best(f)
    found = pulp_view.second_opinion(f, f.stages[0])
    if wanted is None:
        assert found.status in ("infeasible", "undefined")
    else:
        assert found.value == pytest.approx(wanted[0], abs=1e-6)


def test_files_name_rows_and_columns_by_their_place(tmp_path):
    f = at_random(3)
    for name in ("m.lp", "m.mps"):
        pulp_view.write(f, f.stages[0], tmp_path / name)
        text = (tmp_path / name).read_text()
        assert "x0" in text
        assert "r0" in text
    with pytest.raises(UnsupportedError):
        pulp_view.write(f, f.stages[0], tmp_path / "m.xyz")
