"""The columns that page and CSV share."""

from karmyogi.scores.leaderboard import COLUMNS
from karmyogi.scores.queries import Key, Standing

ASHA = Standing(
    rank=2,
    points=31,
    officer_id=1,
    employee_code="00010007",
    name_hi="आशा साहू",
    name_en="Asha Sahu",
    designation_hi="",
    designation_en="NAIB TEHSILDAR",
    unit_hi="जिला चिकित्सालय",
    unit_en="Clinic",
    previous_rank=5,
    key=Key(2, "आशा साहू", 1),
    group_size=12,
)


def test_a_row_reads_in_hindi_and_in_english_with_the_other_script_where_one_is_missing():
    in_hindi = [column.value(ASHA, "hi") for column in COLUMNS]
    in_english = [column.value(ASHA, "en") for column in COLUMNS]

    assert in_hindi == [2, 12, "00010007", "आशा साहू", "NAIB TEHSILDAR", "जिला चिकित्सालय", 31, 5, 3]
    assert in_english == [2, 12, "00010007", "Asha Sahu", "NAIB TEHSILDAR", "Clinic", 31, 5, 3]


def test_numbers_are_the_columns_that_count():
    assert [column.label for column in COLUMNS if column.numeric] == [
        "Rank",
        "Officers in the group",
        "Points",
        "Rank in the month before",
        "Places gained or lost",
    ]
