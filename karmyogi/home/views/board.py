"""The public board: published awards by year and department, and the box that verifies one of them."""

from datetime import date

from flask import render_template, request, url_for

from karmyogi.awards import queries
from karmyogi.awards.queries import BoardKey
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import local

PAGE = 20
LONGEST_NUMBER = 100


def page() -> str:
    """What anybody may read: what was given, newest first, a page at a time."""
    years, departments = queries.published_years(), queries.published_departments()
    asked = request.args.get("year", "")
    year = asked if asked in years else ""
    department = next((unit.id for unit in departments if unit.id == asked_number("department")), None)
    found = queries.published_awards(limit=PAGE + 1, after=_key(), year=year, department=department)
    kinds = queries.published_by_kind()
    return render_template(
        "home/board.html",
        awards=found[:PAGE],
        kinds=kinds,
        total=sum(kind.count for kind in kinds),
        years=[(one, one) for one in years],
        year=year,
        departments=[(unit.id, local(unit, "name")) for unit in departments],
        department=department,
        next_page=_after(found[PAGE - 1].key, year, department) if len(found) > PAGE else None,
        is_first_page=_key() is None,
    )


def _key() -> BoardKey | None:
    """Where the page before ended; an address that names no day begins at the top."""
    try:
        on = date.fromisoformat(request.args.get("after_on", ""))
    except ValueError:
        return None
    return BoardKey(on, request.args.get("after", "").replace("\0", "")[:LONGEST_NUMBER])


def _after(key: BoardKey, year: str, department: int | None) -> str:
    chosen = {"year": year or None, "department": department}
    return url_for("home.front", **chosen, after_on=key.ordered_on.isoformat(), after=key.number)
