from collections.abc import Callable
from datetime import date

import pytest

from karmyogi.awards import service
from karmyogi.awards.models import AwardOrder
from karmyogi.core.profile import load_profile
from karmyogi.nominations.models import Nomination
from karmyogi.store.files import PrivateFiles, open_files
from tests import stage
from tests.nominations import scene as scenes

ISSUER = service.issuer_of(load_profile("chhattisgarh"), base_url="https://karmyogi.example.in")
SIGNATORY = ("अनिता वर्मा\nअवर सचिव", "Anita Verma\nUnder Secretary")
COPY_TO = (("संबंधित अधिकारी", "The officer concerned"), ("गार्ड फाइल", "Guard file"))
ORDERED_ON = date(2026, 4, 10)

Issue = Callable[..., AwardOrder]


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return stage.world_for(request, "nominations", scenes.build)


@pytest.fixture
def scene(db) -> scenes.Scene:
    return stage.scene_of("nominations")


@pytest.fixture
def files(tmp_path) -> PrivateFiles:
    return open_files(str(tmp_path / "media"))


@pytest.fixture
def issue(scene, files) -> Issue:
    """Issues an order as Kabir of GAD would, on the day of the scene; what a test cares about it names."""

    def issue(*nominations: Nomination, **changes: object) -> AwardOrder:
        wording = service.wording_for(scene.cycle, signatory=SIGNATORY, copy_to=COPY_TO, file_number="F-17")
        asked = {
            "ordered_on": ORDERED_ON,
            "wording": wording,
            "issuer": ISSUER,
            "files": files,
            "by": scene.kabir,
            "at": scenes.AT,
        }
        return service.issue_order(scene.cycle, nominations, **(asked | changes))

    return issue
