"""Reads of the trail, newest first, by key."""

from karmyogi.store.trail import TrailEntry

PAGE = 50


def entries(*, before: int | None = None, action: str = "", subject: str = "", subject_id: int | None = None) -> list:
    """A page of entries and one more that tells whether there is a next; narrowed where a filter is given."""
    query = TrailEntry.select().order_by(TrailEntry.id.desc()).limit(PAGE + 1)
    if before:
        query = query.where(TrailEntry.id < before)
    if action:
        query = query.where(TrailEntry.action == action)
    if subject:
        query = query.where(TrailEntry.subject == subject)
    if subject_id is not None:
        query = query.where(TrailEntry.subject_id == subject_id)
    return list(query)


def actions() -> list[str]:
    """Every kind of act the trail knows, in order: one step in the index for each."""
    found: list[str] = []
    last = TrailEntry.select(TrailEntry.action).order_by(TrailEntry.action).limit(1).scalar()
    while last is not None:
        found.append(last)
        after = TrailEntry.select(TrailEntry.action).where(TrailEntry.action > last)
        last = after.order_by(TrailEntry.action).limit(1).scalar()
    return found
