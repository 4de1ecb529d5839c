"""The handbook's pages and pictures, open to everyone: who cannot sign in needs help most."""

from flask import Blueprint, Response, render_template, request, send_from_directory, url_for

from karmyogi.core.errors import NotThere
from karmyogi.guide.reader import FOLDER, PICTURES, Page, read_page
from karmyogi.guide.rules import PAGES, page_for
from karmyogi.web.access import current_actor, public
from karmyogi.web.i18n import language

blueprint = Blueprint("guide", __name__, url_prefix="/guide")


@blueprint.get("/")
@public
def contents() -> str:
    mine = page_for(current_actor().roles)
    return render_template("guide/contents.html", pages=PAGES, mine=mine)


@blueprint.get("/<name>")
@public
def page(name: str) -> str:
    if name not in PAGES:
        raise NotThere("not_there")
    return render_template("guide/page.html", name=name, page=_page(name), pages=PAGES, target=_target)


@blueprint.get("/pictures/<name>")
@public
def picture(name: str) -> Response:
    """A picture of the handbook; nothing else lies in its folder."""
    return send_from_directory(PICTURES, name, mimetype="image/webp", max_age=3600)


def help_here() -> dict[str, str]:
    """Where help for this page stands: the reader's own page of the handbook, at the part about this room."""
    here = (request.blueprint or "") if request else ""
    anchor = "registers" if here.startswith("admin") else here
    return {"help_url": url_for("guide.page", name=page_for(current_actor().roles), _anchor=anchor or None)}


def _page(name: str) -> Page:
    path = FOLDER / language() / f"{name}.md"
    return read_page(path, path.stat().st_mtime_ns)


def _target(address: str) -> str:
    """Where a link of the text leads on the site: between files as between pages."""
    if address.startswith("../pictures/"):
        return url_for("guide.picture", name=address.removeprefix("../pictures/"))
    file_name, _hash, anchor = address.partition("#")
    if file_name.endswith(".md"):
        return url_for("guide.page", name=file_name.removesuffix(".md"), _anchor=anchor or None)
    return address
