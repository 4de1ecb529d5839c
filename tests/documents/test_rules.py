"""Verification codes as people type them, and what the public may read."""

from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.documents.rules import (
    ALPHABET,
    CODE_LENGTH,
    DOCUMENT,
    PublicFacts,
    PublicView,
    Status,
    grouped,
    new_code,
    public_view,
    read_code,
)
from karmyogi.store.paper import code_in_groups

CODE = "0H3J5K7M9PQRSTVWXYZ2468ACE"
codes = st.text(alphabet=ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def test_a_code_carries_at_least_128_bits():
    assert len(ALPHABET) ** CODE_LENGTH >= 2**128
    assert len(set(ALPHABET)) == len(ALPHABET) == 32


def test_ten_thousand_new_codes_are_all_different_and_use_every_letter():
    made = {new_code() for _ in range(10_000)}

    assert len(made) == 10_000
    assert set().union(*made) == set(ALPHABET)
    assert {len(code) for code in made} == {CODE_LENGTH}


def test_a_code_is_printed_in_groups_as_the_paper_prints_it():
    assert grouped(CODE) == "0H3J5-K7M9P-QRSTV-WXYZ2-468ACE"
    assert grouped(CODE) == code_in_groups(CODE)


@given(codes)
def test_a_code_is_read_as_it_is_printed(code):
    assert read_code(grouped(code)) == code
    assert read_code(code.lower()) == code
    assert read_code(f"  {' '.join(code)}\n") == code


@given(codes)
def test_letters_that_look_like_digits_are_read_as_digits(code):
    mistaken = code.replace("0", "O").replace("1", "I")

    assert read_code(mistaken) == code
    assert read_code(mistaken.lower().replace("i", "l")) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GAD/KMY/2026-27/000001",
        CODE[:-1],
        CODE + "0",
        CODE[:-1] + "U",
        CODE[:-1] + "क",
        CODE[:-2] + "ß",  # two letters once it is a capital
        CODE[:-1] + "%",
        "' OR 1=1 --",
        "0" * 1_000_000,
    ],
)
def test_what_cannot_be_a_code_is_none(text):
    assert read_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        CODE.replace("0", "०").replace("3", "३"),  # a Hindi keyboard's digits
        "０Ｈ３Ｊ５Ｋ７Ｍ９ＰＱＲＳＴＶＷＸＹＺ２４６８ＡＣＥ",
        "0H3J5–K7M9P—QRSTV\u00a0WXYZ2\u200b468ACE",
    ],
)
def test_a_code_copied_from_elsewhere_is_still_read(text):
    assert read_code(text) == CODE


@given(st.text(max_size=60))
def test_nothing_typed_breaks_the_reading(text):
    code = read_code(text)

    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


@dataclass
class Document:
    """A document with things in its facts that nobody outside may read."""

    state: str = "valid"
    pdf_sha256: str = "f" * 64
    issued_at: datetime = datetime(2026, 4, 10, 20, 0, tzinfo=UTC)  # past midnight in India
    revoked_at: datetime | None = None
    reason_hi: str = ""
    reason_en: str = ""
    facts: dict = field(default_factory=dict)


SAID = PublicFacts(
    award_hi="उत्कृष्ट कर्मयोगी पुरस्कार",
    award_en="Excellent Karmayogi Award",
    order_number="GAD/KMY/2026-27/000001",
    ordered_on=date(2026, 4, 10),
    name_hi="आशा साहू",
    name_en="Asha Sahu",
    designation_hi="सहायक ग्रेड-2",
    designation_en="ASSISTANT GRADE-2",
    department_hi="स्वास्थ्य विभाग",
    department_en="Health",
)
SECRETS = ("00000101", "asha@example.in", "9000000001", "1988-07-14", "4212", "citation-canary")


def document(**changes: object) -> Document:
    private = {"employee_code": "00000101", "email": SECRETS[1], "mobile": SECRETS[2], "birth_on": SECRETS[3]}
    facts = {"public": SAID.as_data() | private, "printed": {"citation_en": SECRETS[5], "points": SECRETS[4]}}
    return Document(facts=facts, **changes)


def test_the_public_reads_eight_things_and_the_hash_of_the_file():
    assert public_view(document()) == PublicView(
        status=Status("valid"),
        name_hi="आशा साहू",
        name_en="Asha Sahu",
        designation_hi="सहायक ग्रेड-2",
        designation_en="ASSISTANT GRADE-2",
        department_hi="स्वास्थ्य विभाग",
        department_en="Health",
        award_hi="उत्कृष्ट कर्मयोगी पुरस्कार",
        award_en="Excellent Karmayogi Award",
        order_number="GAD/KMY/2026-27/000001",
        ordered_on=date(2026, 4, 10),
        issued_on=date(2026, 4, 11),
        pdf_sha256="f" * 64,
    )


def test_no_code_address_birthday_score_or_citation_reaches_the_public():
    shown = repr(public_view(document()))

    assert [secret for secret in SECRETS if secret in shown] == []
    # In both scripts where there are two: status, name, designation, department, award, order number, date, issued on.
    assert len({one.name.removesuffix("_hi").removesuffix("_en") for one in fields(PublicView)}) == 8 + 1


def test_a_revoked_document_says_so_with_day_and_reason():
    revoked_at = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)  # the 2nd of May in India

    view = public_view(document(state="revoked", revoked_at=revoked_at, reason_hi="त्रुटि", reason_en="Error"))

    assert view.status == Status("revoked", date(2026, 5, 2), "त्रुटि", "Error")


def test_what_no_longer_stands_never_stands_again():
    assert DOCUMENT.ends == {"revoked", "superseded"}
    assert [step.action for step in DOCUMENT.actions_from("valid")] == ["revoke", "supersede"]
