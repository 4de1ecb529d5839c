"""December sealed and January computed, and the auditor in front of it."""

import pytest

from tests.conftest import copy_of
from tests.scores import board
from tests.web.site import opened_site


@pytest.fixture
def site(engine, engines, settings):
    """December sealed and January computed: some thirty acts of the system."""
    with copy_of("board", engines, engine) as url, opened_site(settings, url, board.cast()) as site:
        yield site


@pytest.fixture
def thomas(site):
    return site.browser("thomas")
