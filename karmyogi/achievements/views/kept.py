"""A certificate image that was accepted while the rest of the form was not: kept, so that it is chosen once.

The file lies in the store by its hash. The form carries a signed pass for it,
good for a day and for the person who uploaded it: a hash alone opens nothing.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from karmyogi.achievements import service
from karmyogi.achievements.forms import ClaimForm
from karmyogi.achievements.service import Kept
from karmyogi.core.errors import BadFile, KarmyogiError
from karmyogi.core.reasons import N_, declare
from karmyogi.store.images import LIMITS
from karmyogi.store.sandbox import SandboxUnavailable
from karmyogi.web.access import current_actor
from karmyogi.web.installed import files

GOOD_FOR = timedelta(days=1)

declare(image_not_chosen=N_("Choose the picture or PDF of your certificate."))


@dataclass(frozen=True)
class Proof:
    """What came of the file of a form: kept, or why not, as the status of the answer."""

    kept: Kept | None
    status: int = 200


def proof_of(form: ClaimForm, *, is_needed: bool) -> Proof:
    """Look at the chosen file, or at the one kept before; what is wrong with it is said at the field."""
    chosen = form.image.data.read(LIMITS.bytes + 1) if form.image.data else None
    content = chosen if chosen is not None else _kept_before(form.kept.data)
    form.kept.data = ""
    try:
        if content is None and not is_needed:
            return Proof(None)
        if content is None:
            raise BadFile("image_not_chosen")
        kept = service.keep(content, files())
    except (BadFile, SandboxUnavailable) as error:
        form.blame(error)
        return Proof(None, error.status)
    form.kept.data = _signer().dumps([current_actor().user_id, kept.picture.sha256])
    return Proof(kept)


def small_picture(kept: Kept | None) -> str:
    """The kept image as it is shown in the form again; empty if there is none."""
    return f"data:image/webp;base64,{base64.b64encode(kept.picture.thumb).decode()}" if kept else ""


def _kept_before(given: str | None) -> bytes | None:
    """The file a pass speaks of; None for no pass, one that is too old, or one of somebody else."""
    try:
        user_id, sha256 = _signer().loads(given or "", max_age=GOOD_FOR.total_seconds())
        return files().read(sha256, kind="original") if user_id == current_actor().user_id else None
    except (BadSignature, KarmyogiError):
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key, salt="kept certificate image")
