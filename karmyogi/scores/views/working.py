"""Work on months in the background, as the pages that show its bar ask for it."""

from flask import Response, jsonify
from flask_babel import gettext as _

from karmyogi.store.jobs import JobRun


def how_far(run: JobRun, there: str) -> Response:
    """What a page asks every two seconds; `there` is where it goes when the work has ended."""
    return jsonify(done=run.progress, total=1000, text=_("At work"), finished=not run.is_busy, url=there)
