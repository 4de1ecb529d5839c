"""Reads of awards, orders, corrigenda, and what a note-sheet says."""

from karmyogi.awards.queries.corrigenda import (
    Reading,
    corrigenda,
    corrigenda_drafted,
    corrigenda_issued,
    reading_of,
)
from karmyogi.awards.queries.given import (
    BoardKey,
    Published,
    PublishedAward,
    awaiting_order,
    awards_for,
    awards_in,
    awards_of,
    is_called,
    last_serial,
    orders,
    published_awards,
    published_by_kind,
    published_departments,
    published_years,
    standing_awards_of,
)
from karmyogi.awards.queries.note_sheets import last_ranks, proposed, standing_honours, states_in

__all__ = [
    "BoardKey",
    "Published",
    "PublishedAward",
    "Reading",
    "awaiting_order",
    "awards_for",
    "awards_in",
    "awards_of",
    "corrigenda",
    "corrigenda_drafted",
    "corrigenda_issued",
    "is_called",
    "last_ranks",
    "last_serial",
    "orders",
    "proposed",
    "published_awards",
    "published_by_kind",
    "published_departments",
    "published_years",
    "reading_of",
    "standing_awards_of",
    "standing_honours",
    "states_in",
]
