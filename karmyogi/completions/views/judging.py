"""What is said of flags: of those ticked, or of all that the page is about."""

from collections.abc import Callable

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from karmyogi.completions import queries, service
from karmyogi.completions.forms import JudgeForm
from karmyogi.completions.models import Flag
from karmyogi.completions.rules import FLAG
from karmyogi.completions.views.address import blueprint, one_flag
from karmyogi.completions.views.looking import group_page
from karmyogi.core.errors import NotThere, RuleBroken, WrongState
from karmyogi.core.permissions import Permission
from karmyogi.store.transitions import open_steps_each
from karmyogi.web.access import current_actor, requires
from karmyogi.web.forms import number_in
from karmyogi.web.i18n import say

ACTIONS = "any(accept, doubt, confirm, dismiss, reopen, restore)"
SAID: dict[str, Callable[[int], str]] = {
    "accept": lambda n: ngettext(
        "%(num)s completion was found credible.", "%(num)s completions were found credible.", n
    ),
    "doubt": lambda n: ngettext(
        "%(num)s completion was doubted. It counts until a second person confirms it.",
        "%(num)s completions were doubted. They count until a second person confirms it.",
        n,
    ),
    "confirm": lambda n: ngettext(
        "%(num)s completion was found not credible. From the next computation on it counts for nothing.",
        "%(num)s completions were found not credible. From the next computation on they count for nothing.",
        n,
    ),
    "dismiss": lambda n: ngettext(
        "The doubt about %(num)s completion was dismissed.", "The doubt about %(num)s completions was dismissed.", n
    ),
    "reopen": lambda n: ngettext(
        "%(num)s completion is to be looked at again.", "%(num)s completions are to be looked at again.", n
    ),
    "restore": lambda n: ngettext(
        "%(num)s completion counts again, and is to be looked at.",
        "%(num)s completions count again, and are to be looked at.",
        n,
    ),
}


@blueprint.post(f"/flags/<int:flag_id>/<{ACTIONS}:action>")
@requires(Permission.FLAGS_JUDGE, Permission.FLAGS_CONFIRM)
def judge(flag_id: int, action: str) -> Response | tuple[str, int]:
    """Take the step on each chosen flag, or on none; a page is sent back where a rule stands against it."""
    flag, form, state = one_flag(flag_id), JudgeForm(), request.form.get("state", "")
    chosen = _chosen(flag, action, state)
    if not chosen:
        flash(_("Nothing was ticked of which this can be said."), "warning")
        return redirect(_group(flag, state))
    ticked = {one.id for one in chosen}
    if not form.validate_on_submit():
        return group_page(flag, state, form, ticked=ticked), RuleBroken.status
    try:
        service.judge_each(chosen, action, by=current_actor(), remark=form.remark.data or "")
    except RuleBroken as error:
        form.blame(list(error.reasons))
        return group_page(flag, state, form, ticked=ticked), error.status
    except WrongState as error:
        flash(say(error.reasons[0]), "warning")
        return redirect(_group(flag, state))
    flash(SAID[action](len(chosen)), "success")
    return redirect(_next(flag, state))


@blueprint.get(f"/flags/<int:flag_id>/<{ACTIONS}:action>")
@requires(queries.READ)
def judged_again(flag_id: int, action: str) -> Response:
    """Where a refused verdict is loaded again, or in the other language."""
    return redirect(url_for(".flag", flag_id=flag_id))


def _chosen(flag: Flag, action: str, state: str) -> list[Flag]:
    """The ticked flags of the group; or, where all are meant, the first that this step is open for.

    Of all, those are left out that were raised after the page was drawn. Raises NotThere for one outside reach.
    """
    rows, upto = queries.group_of(current_actor(), flag), number_in(request.form.get("all", ""))
    if upto:
        meant = list(rows.where((Flag.state == state) & (Flag.id <= upto)).limit(queries.AT_ONCE))
        steps = open_steps_each(FLAG, meant, by=current_actor())
        return [one for one in meant if action in {step.action for step in steps[one.id]}]
    numbers = {number_in(text) or 0 for text in request.form.getlist("flag")[: queries.AT_ONCE]}
    found = list(rows.where(Flag.id.in_(list(numbers))))
    if len(found) != len(numbers):
        raise NotThere("not_there")
    return found


def _group(flag: Flag, state: str) -> str:
    return url_for(".flag", flag_id=flag.id, state=state)


def _next(flag: Flag, state: str) -> str:
    """The rest of the group in the same state, else the list."""
    rest = queries.states_of(queries.group_of(current_actor(), flag))
    tab = next((tab for tab, states in queries.TABS.items() if state in states), "open")
    return _group(flag, state) if state in rest else url_for(".flags", state=tab)
