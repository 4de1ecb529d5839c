"""The picture of an award that is fit to be sent to others."""

import io

import pytest
import zxingcpp
from PIL import Image

from karmyogi.awards import service
from karmyogi.awards.models import Award
from karmyogi.core.errors import WrongState
from karmyogi.demo import story


@pytest.fixture
def award(told_db) -> Award:
    return Award.select().where(Award.state == "given").first()


def test_it_is_a_square_for_a_phone_whose_code_leads_to_the_verification_page(award):
    picture = Image.open(io.BytesIO(service.share_picture_of(award)))

    assert (picture.format, picture.size) == ("PNG", (1080, 1080))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [award.document.facts["printed"]["verify_url"]]


def test_long_names_leave_the_code_in_its_place(award):
    award.document.facts["printed"].update(
        name_hi="अत्यंत लंबा नाम " * 6, title_hi="अत्यंत लंबे नाम का पुरस्कार " * 5, department_en="A Long Department " * 12
    )

    picture = Image.open(io.BytesIO(service.share_picture_of(award)))

    assert picture.size == (1080, 1080)
    assert len(zxingcpp.read_barcodes(picture)) == 1


def test_a_revoked_award_is_drawn_no_more(award):
    revoked = service.revoke_award(award, reason_hi="त्रुटि", reason_en="An error", by=story.actor("lakshmi"))

    with pytest.raises(WrongState):
        service.share_picture_of(revoked)
