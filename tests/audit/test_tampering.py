"""An outsider with an export, one old head and no key finds whatever was done to the trail."""

import json
import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from karmyogi.core.chain import keyed_hash, link
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.core.proving import Head, Walk, faults_of_export, main
from karmyogi.core.reasons import Reason, reason
from karmyogi.store import trail
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import TrailFact, erase, personal, record
from tests.factories import AT
from tests.worlds import TRAIL_KEY

TRIES = 1_000
UPTO = 14  # of eighteen entries the head that was noted is that of the fourteenth
Line = dict[str, object]


@pytest.fixture
def noted(db) -> Head:
    """A trail of eighteen entries, some of it forgotten, of which somebody noted the head at the fourteenth."""
    for number in range(1, UPTO - 1):
        with database.atomic():
            told = {"number": number, "name_hi": personal(["आशा", "आशा साहू"]), "kinds": ["a", "b"]}
            record(Actor(number % 5, f"Kabir {number}"), "act", "thing", told, remark=f"आदेश {number}", at=AT)
    erase(TrailFact.entry.in_([3, 7]), why="retention", by=SYSTEM, at=AT + timedelta(days=1))
    with database.atomic():
        record(SYSTEM, "sealed", "thing", at=AT)
    head = trail.head()
    for number in range(UPTO + 1, UPTO + 5):
        with database.atomic():
            record(Actor(2, "Sunita"), "later", "thing", {"number": number}, at=AT)
    assert head.seq == UPTO
    return head


def exported(**options: object) -> tuple[str, list[Line]]:
    header, *lines = trail.export(**options)
    return header, [json.loads(line) for line in lines]


def found(header: str, lines: list[Line], *heads: Head, key: bytes = b"") -> list[Reason]:
    text = [header, *(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)]
    return list(faults_of_export(text, Walk(key=key, heads=heads)))


def test_what_nobody_touched_is_whole_with_names_and_without(noted):
    assert found(*exported(), noted) == []
    assert found(*exported(facts=False), noted) == []
    assert found(*exported(), noted, key=TRAIL_KEY) == []


def test_a_head_without_its_number_is_found_too(noted):
    assert found(*exported(), Head(noted.link)) == []
    assert found(*exported(), Head("f" * 64)) == [reason("chain_head_lost", head="f" * 64)]


# ── A thousand ways ──


def spoilt(value: object, draw: random.Random) -> object:
    """Another value of whatever kind."""
    if isinstance(value, dict) and value and draw.random() < 0.8:
        name = draw.choice(sorted(value))
        return {key: spoilt(one, draw) if key == name else one for key, one in value.items()}
    if isinstance(value, list) and value and draw.random() < 0.8:
        place = draw.randrange(len(value))
        return [spoilt(one, draw) if here == place else one for here, one in enumerate(value)]
    others = [None, True, 0, -1, 1.5, "", "x", [], {}, {"#": "0" * 64}, "2026-04-10T00:00:00+00:00", f"{value} "]
    return draw.choice([one for one in others if one != value or isinstance(one, bool) != isinstance(value, bool)])


def change(lines: list[Line], draw: random.Random) -> None:
    line = draw.choice(lines)
    name = draw.choice(sorted(line))
    line[name] = spoilt(line[name], draw)


def add_something(lines: list[Line], draw: random.Random) -> None:
    draw.choice(lines)[draw.choice(["note", "facts", "Remark"])] = {"remark": {"salt": "", "value": "new"}}


def drop_something(lines: list[Line], draw: random.Random) -> None:
    line = draw.choice(lines)
    del line[draw.choice(sorted(line))]


def drop(lines: list[Line], draw: random.Random) -> None:
    start = draw.randrange(UPTO)
    del lines[start : start + draw.randint(1, 3)]


def cut(lines: list[Line], draw: random.Random) -> None:
    del lines[draw.randrange(UPTO) :]


def behead(lines: list[Line], draw: random.Random) -> None:
    del lines[: draw.randint(1, UPTO)]


def repeat(lines: list[Line], draw: random.Random) -> None:
    lines.insert(draw.randrange(len(lines) + 1), dict(draw.choice(lines)))


def swap(lines: list[Line], draw: random.Random) -> None:
    one, other = draw.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]


def shuffle(lines: list[Line], draw: random.Random) -> None:
    before = list(lines)
    while lines == before:
        draw.shuffle(lines)


def push_in(lines: list[Line], draw: random.Random) -> None:
    """A forged entry that hangs on the one before it, and all after it one number further on."""
    place = draw.randrange(UPTO)
    lines.insert(place, {**lines[place], "subject": "forged"})
    _link_anew(lines, place, draw)


def rewrite(lines: list[Line], draw: random.Random) -> None:
    """Somebody changes an entry and computes the whole chain after it anew, as everybody can."""
    place = draw.randrange(UPTO)
    lines[place]["subject_id"] = draw.randint(1_000, 9_999)
    _link_anew(lines, place, draw)


def take_out(lines: list[Line], draw: random.Random) -> None:
    place = draw.randrange(UPTO)
    del lines[place]
    _link_anew(lines, place, draw)


def swap_facts(lines: list[Line], draw: random.Random) -> None:
    one, other = draw.sample([line for line in lines if "facts" in line and line["seq"] not in (3, 7)], 2)
    one["facts"], other["facts"] = other["facts"], one["facts"]


def say_erased(lines: list[Line], draw: random.Random) -> None:
    line = draw.choice([line for line in lines if "facts" in line and line["seq"] not in (3, 7)])
    line["facts"] = {**line["facts"], "actor": {"erased_by": draw.choice([UPTO - 1, UPTO, UPTO + 2, 99])}}


def _link_anew(lines: list[Line], place: int, draw: random.Random) -> None:
    key = draw.choice([None, b"made up"])
    for number, line in enumerate(lines[place:], place + 1):
        before = lines[number - 2] if number > 1 else {"link": "0" * 64, "hash": "0" * 64}
        line |= {"seq": number, "previous_link": before["link"], "previous_hash": before["hash"]}
        line["hash"] = keyed_hash(line, key) if key else line["hash"]
        line["link"] = link(line)


WAYS: list[Callable[[list[Line], random.Random], None]] = [
    change, change, change, add_something, drop_something, drop, cut, behead, repeat, swap, shuffle,
    push_in, rewrite, take_out, swap_facts, say_erased,
]  # fmt: skip


def with_header_of(header: str, lines: list[Line]) -> str:
    """The first line as somebody would write it who wants nobody to notice."""
    last = lines[-1] if lines else {"seq": None, "link": None}
    told = {"entries": len(lines), "head": f"{last.get('seq')}:{last.get('link')}"}
    return json.dumps(json.loads(header) | told) + "\n"


def test_of_a_thousand_ways_to_tamper_none_passes(noted):
    header, lines = exported()
    as_text = json.dumps(lines)
    passed = []

    for number in range(is_postgres(), TRIES, 2):  # each engine half of them: an export knows of none
        draw = random.Random(number)
        way = WAYS[number // 2 % len(WAYS)]
        tampered = json.loads(as_text)
        way(tampered, draw)
        assert json.dumps(tampered, sort_keys=True) != json.dumps(lines, sort_keys=True), number
        if not found(with_header_of(header, tampered), tampered, noted):
            passed.append((number, way.__name__))

    assert passed == []


def test_without_the_head_a_chain_computed_anew_would_pass_which_is_what_the_head_is_for(noted):
    header, lines = exported(facts=False)
    rewrite(lines, random.Random(1))

    assert found(with_header_of(header, lines), lines) == []
    assert found(with_header_of(header, lines), lines, noted) == [reason("chain_head", entry=UPTO)]


def test_with_the_key_it_is_found_without_a_head_at_the_entry_that_was_changed(noted):
    header, lines = exported(facts=False)
    lines[4]["subject"] = "forged"
    for number, line in enumerate(lines[4:], 5):
        line["previous_link"] = lines[number - 2]["link"]
        line["link"] = link(line)

    assert found(with_header_of(header, lines), lines) == []
    assert found(with_header_of(header, lines), lines, key=TRAIL_KEY) == [reason("chain_key", entry=5)]


# ── What is said ──


def test_a_changed_entry_is_named_and_no_other(noted):
    header, lines = exported()
    lines[4]["subject_id"] = 9

    assert found(header, lines, noted) == [reason("chain_changed", entry=5)]


def test_what_is_missing_is_named_from_first_to_last(noted):
    header, lines = exported()
    del lines[4:6], lines[8]

    assert found(with_header_of(header, lines), lines, noted) == [
        reason("chain_missing_from_to", entry=5, last=6),
        reason("chain_missing", entry=11),
    ]


def test_entries_that_changed_places_are_misplaced_and_not_missing(noted):
    header, lines = exported()
    lines[4], lines[7] = lines[7], lines[4]

    assert found(header, lines, noted) == [reason("chain_misplaced", entry=number) for number in (6, 7, 5)]


def test_a_cut_at_the_end_is_named_by_the_entry_of_the_head(noted):
    header, lines = exported()
    del lines[10:]

    assert reason("chain_cut", entry=UPTO) in found(with_header_of(header, lines), lines, noted)
    assert reason("chain_header") in found(header, lines)


@pytest.mark.parametrize("line", ["", "[]", "x", '{"seq": 1}', "[" * 100_000, '"\\ud800"', "\x00"])
def test_a_line_that_is_no_entry_is_named_by_its_place_and_stops_nothing(noted, line):
    header, *lines = trail.export()
    lines[4] = line + "\n"

    said = list(faults_of_export([header, *lines], Walk(heads=[noted])))

    assert said == [reason("chain_unreadable", line=6), reason("chain_missing", entry=5), reason("chain_header")]


def test_a_file_of_another_kind_is_no_export(noted):
    assert found("{}\n", [])[0] == reason("chain_unreadable", line=1)
    assert list(faults_of_export([], Walk())) == [reason("chain_unreadable", line=1), reason("chain_header")]


def test_python_alone_proves_a_file(noted, tmp_path, capsys):
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(trail.export()), encoding="utf-8")

    assert main(str(file), str(noted)) == 0
    file.write_text(file.read_text(encoding="utf-8").replace("sealed", "s3aled", 1), encoding="utf-8")
    assert main(str(file), str(noted)) == 1
    assert f"Entry {UPTO} was changed." in capsys.readouterr().out
