"""Recognises a kind of file by its set of headers, in whatever order and generation."""

from collections.abc import Iterable, Mapping, Sequence

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.reports import rules
from karmyogi.reports.reader.columns import KEYS, NAMED, KindOfSheet, Layout, simplified
from karmyogi.reports.reader.layouts import KINDS
from karmyogi.reports.reader.layouts.foreign import FOREIGN
from karmyogi.reports.reader.rows import Remembered, reader_of

declare(
    sheet_not_recognised=N_(
        "The columns of this file are not those of a report taken here; found: %(looks_like)s. "
        "Send a report as iGOT's reports page gives it, or the roster, with its header row as it was downloaded."
    ),
    sheet_of_two_kinds=N_(
        "The columns of this file are those of several reports at once: %(kinds)s. "
        "Download the report that is meant once more and send it as it is."
    ),
    sheet_columns_missing=N_(
        "These columns are needed and absent: %(columns)s. Download the report again and do not delete columns."
    ),
)


def recognise(header: Sequence[str]) -> Layout:
    """The layout of the file with this header: its kind, its likeliest generation, and its columns.

    Where several kinds fit, the one with most columns; of two columns with the
    same meaning, the present spelling, then the leftmost. A column in any place
    counts the same. Raises BadFile: "sheet_not_recognised" with the nearest kind
    and what it would still need, or "sheet_of_two_kinds".
    """
    places = _places(header)
    fitting = [sheet for sheet in KINDS.values() if _fits(sheet, places)]
    if not fitting:
        raise BadFile(*_why_not_recognised(header, places))
    return _layout(_best_of(fitting, places), tuple(header), places)


def _best_of(fitting: Sequence[KindOfSheet], places: Mapping[str, int]) -> KindOfSheet:
    """The kind that knows most of the columns; raises BadFile if two know equally many."""
    found = {sheet.kind: len(_indexes(sheet, places)) for sheet in fitting}
    best = [sheet for sheet in fitting if found[sheet.kind] == max(found.values())]
    if len(best) > 1:
        raise BadFile(reason("sheet_of_two_kinds", kinds=", ".join(sheet.file_name for sheet in best)))
    return best[0]


def _places(header: Sequence[str]) -> dict[str, int]:
    """The leftmost column of each simplified header."""
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        places.setdefault(simplified(name), index)
    places.pop("", None)
    return places


def _indexes(sheet: KindOfSheet, places: Mapping[str, int]) -> dict[str, int]:
    indexes = {}
    for column in sheet.columns:
        found = next((name for name in map(simplified, column.names) if name in places), None)
        if found:
            indexes[column.field] = places[found]
    return indexes


def _fits(sheet: KindOfSheet, places: Mapping[str, int]) -> bool:
    return not _lacking(sheet, places) and not sheet.foreign & places.keys()


def _lacking(sheet: KindOfSheet, places: Mapping[str, int]) -> list[str]:
    """The present spellings of what a file of this kind would still need."""
    found = _indexes(sheet, places).keys()
    lacking = [column.names[0] for column in sheet.columns if column.needed and column.field not in found]
    if not found & KEYS and any(column.field in KEYS for column in sheet.columns):
        lacking.append("Email")
    if sheet.telling and len(found & sheet.telling) < 2:
        lacking += [c.names[0] for c in sheet.columns if c.field in sheet.telling - found]
    return lacking


def _layout(sheet: KindOfSheet, header: tuple[str, ...], places: Mapping[str, int]) -> Layout:
    indexes = _indexes(sheet, places)
    generation = _likeliest(sheet.generations, places.keys())
    known = {simplified(name): name for name in sheet.generations[generation]}
    spare = _spare(header, set(indexes.values()) | {places[name] for name in sheet.set_aside if name in places})
    return Layout(
        kind=sheet.kind,
        generation=generation,
        header=header,
        columns=indexes,
        unknown=tuple(name for name, index in spare if header[index].strip() and _is_odd(header, index, known, places)),
        missing=tuple(name for key, name in known.items() if key not in places and not _stands_in(sheet, key, indexes)),
        guessed=tuple(
            header[index] for index in _guessed(sheet, header, indexes) if simplified(header[index]) not in known
        ),
        spare=spare,
        readers=tuple(reader_of(column, indexes.get(column.field)) for column in sheet.columns),
        keys=tuple(
            (column.field, place, indexes[column.field])
            for place, column in enumerate(sheet.columns)
            if column.field in KEYS and column.field in indexes
        ),
        named=tuple(
            (Remembered(rules.is_garbled).__getitem__, index)
            for name, index in sorted(indexes.items())
            if name in NAMED
        ),
        finish=sheet.finish,
    )


def _likeliest(generations: Mapping[str, tuple[str, ...]], found: Iterable[str]) -> str:
    """The generation whose header set differs least; of equals the newest."""
    here = frozenset(found)
    return min(reversed(generations), key=lambda name: len(here ^ frozenset(map(simplified, generations[name]))))


def _guessed(sheet: KindOfSheet, header: Sequence[str], indexes: Mapping[str, int]) -> list[int]:
    """The columns found under another spelling than the present one."""
    present = {column.field: simplified(column.names[0]) for column in sheet.columns}
    return sorted(index for name, index in indexes.items() if simplified(header[index]) != present[name])


def _spare(header: Sequence[str], taken: set[int]) -> tuple[tuple[str, int], ...]:
    """The columns that no fact is read from, under names that are all different."""
    names: dict[str, int] = {}
    for index, name in enumerate(map(str.strip, header)):
        names[name if name and name not in names else f"{name}#{index + 1}"] = index
    ours = set(map(simplified, rules.ADDED_COLUMNS))  # of a file of problem rows that comes again
    return tuple((name, index) for name, index in names.items() if index not in taken and simplified(name) not in ours)


def _is_odd(header: Sequence[str], index: int, known: Mapping[str, str], places: Mapping[str, int]) -> bool:
    key = simplified(header[index])
    return key not in known or places[key] != index


def _stands_in(sheet: KindOfSheet, key: str, indexes: Mapping[str, int]) -> bool:
    """True if another spelling of the missing header was found."""
    return any(column.field in indexes and key in map(simplified, column.names) for column in sheet.columns)


def _why_not_recognised(header: Sequence[str], places: Mapping[str, int]) -> list[Reason]:
    likenesses = ((name, _likeness(places.keys(), headers)) for name, headers in _all_headers(places))
    name, likeness = max(likenesses, key=lambda pair: pair[1])
    if likeness < 0.5:
        name = ", ".join(filter(None, map(str.strip, header[:6]))) or "–"
    reasons = [reason("sheet_not_recognised", looks_like=name)]
    lacking = [header for sheet in KINDS.values() if sheet.file_name == name for header in _lacking(sheet, places)]
    if lacking:
        reasons.append(reason("sheet_columns_missing", columns=", ".join(lacking)))
    return reasons


def _likeness(found: Iterable[str], headers: Iterable[str]) -> float:
    here, there = frozenset(found), frozenset(map(simplified, headers))
    return len(here & there) / len(here | there)


def _all_headers(places: Mapping[str, int]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for sheet in KINDS.values():
        if not sheet.foreign & places.keys():
            yield from ((sheet.file_name, headers) for headers in sheet.generations.values())
    yield from FOREIGN.items()
