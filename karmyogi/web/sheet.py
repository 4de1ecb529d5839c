"""The style sheets as one file: on a slow line each request costs more than what it brings.

They stay apart where they are written; here they are joined once for each state they are in.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from karmyogi.web.access import public
from karmyogi.web.pages import FOR_A_YEAR

SHEETS = ("tokens", "base", "parts", "print")


def install(app: Flask) -> None:
    """Serve the joined sheet, and give pages its address, which changes when any of them does."""
    app.add_url_rule("/static/sheet.css", "sheet", public(sheet))
    app.context_processor(lambda: {"sheet_url": _address})


def sheet() -> Response:
    """All sheets that a page needs, screen and paper; kept for a year under its own version."""
    text, version = _joined()
    response = Response(text, mimetype="text/css")
    is_this_one = request.args.get("v") == version
    response.headers["Cache-Control"] = FOR_A_YEAR if is_this_one else "no-cache"
    response.set_etag(version)
    return response.make_conditional(request)


def _address() -> str:
    return url_for("sheet", v=_joined()[1])


def _joined() -> tuple[str, str]:
    folder = Path(current_app.static_folder or "") / "css"
    paths = [folder / f"{name}.css" for name in SHEETS]
    return _join(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=8)
def _join(files: tuple[tuple[Path, int], ...]) -> tuple[str, str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path, _changed_at in files)
    return text, hashlib.sha256(text.encode()).hexdigest()[:10]
