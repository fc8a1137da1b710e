"""Shared by all tests: hypothesis profiles, the benchmark data, and the soak switch."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

NO_DATA = "COGOV_DATA not set: benchmark data absent"

# Shared machines stall now and then: a deadline would report the machine, not the code.
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# '--hypothesis-profile' overrides this choice.
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak", type=float, metavar="MINUTES", help="run the soak tests, for this long in all"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Soak tests run only when asked for; None leaves every other path to pytest."""
    soak = Path(__file__).parent / "soak"
    asked = config.getoption("--soak") is not None
    return True if collection_path == soak and not asked else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked 'data' is skipped where there are no benchmark data."""
    if item.get_closest_marker("data") and _data_root() is None:
        pytest.skip(NO_DATA)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of benchmark data; without COGOV_DATA the test is skipped."""
    root = _data_root()
    if root is None:
        pytest.skip(NO_DATA)
    return root


@pytest.fixture(scope="session")
def soak_seconds(request: pytest.FixtureRequest) -> float:
    """How long the soak tests may take, as given by '--soak MINUTES'."""
    return 60 * float(request.config.getoption("--soak") or 0)


def _data_root() -> Path | None:
    named = os.environ.get("COGOV_DATA")
    if not named:
        return None
    root = Path(named)
    if not root.is_dir():
        pytest.fail(f"COGOV_DATA names {named}, which is not a folder", pytrace=False)
    return root
