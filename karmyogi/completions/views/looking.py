"""The list of what is odd, group by group, and the page of one group."""

from collections.abc import Container, Sequence
from dataclasses import asdict

from flask import render_template, request, url_for
from flask_babel import gettext as _
from peewee import fn

from karmyogi.completions import queries
from karmyogi.completions.forms import JudgeForm
from karmyogi.completions.models import Flag
from karmyogi.completions.queries import TABS, Asked, Group
from karmyogi.completions.rules import FLAG, Doubt
from karmyogi.completions.views import telling
from karmyogi.completions.views.address import blueprint, one_flag
from karmyogi.core.months import today
from karmyogi.people.models import Officer
from karmyogi.people.queries import postings_on
from karmyogi.store.transitions import open_steps_each
from karmyogi.web.access import current_actor, requires
from karmyogi.web.forms import asked_number
from karmyogi.web.i18n import moment, word
from karmyogi.web.values import as_duration

CODES = [doubt.value for doubt in Doubt]


@blueprint.get("/flags")
@requires(queries.READ)
def flags() -> str:
    """What is to be looked at within reach, what is doubted, or what was judged; the newest first."""
    asked = _asked()
    groups = queries.groups_page(current_actor(), asked, before=asked_number("before"))
    shown = groups[: queries.GROUPS]
    return render_template(
        "completions/flags.html",
        asked=asked,
        cards=[{"group": one, "told": told} for one, told in zip(shown, _told(shown), strict=True)],
        origins=queries.origins_of([one.import_id for one in shown], current_actor()),
        tabs=[_tab(tab, asked) for tab in TABS],
        codes=[(code, word(code)) for code in CODES],
        more=_here(asked, before=shown[-1].newest_id) if len(groups) > len(shown) else None,
    )


def _asked() -> Asked:
    tab, code = request.args.get("state", ""), request.args.get("code", "")
    return Asked(tab if tab in TABS else "open", code if code in CODES else "", asked_number("file"))


def _here(asked: Asked, **more: object) -> str:
    names = {"tab": "state", "code": "code", "import_id": "file"}
    kept = {names[name]: value for name, value in asdict(asked).items() if value and value != "open"}
    return url_for(".flags", **kept, **more)


def _tab(tab: str, asked: Asked) -> dict[str, object]:
    url = _here(Asked(tab, asked.code, asked.import_id))
    return {"label": word(tab) if tab != "judged" else _("Judged"), "url": url, "current": tab == asked.tab}


def _told(groups: Sequence[Group]) -> list[str]:
    """What is odd about each of these groups."""
    hasty = [one.about for one in groups if one.code == Doubt.TOO_FAST]
    stretches = queries.stretches_of(current_actor(), hasty) if hasty else {}
    officers = {str(one.id): one for one in Officer.select().where(Officer.id.in_([int(one) for one in hasty]))}
    return [telling.oddness(one, stretches.get(one.about, ()), officers.get(one.about)) for one in groups]


# One group


@blueprint.get("/flags/<int:flag_id>")
@requires(queries.READ)
def flag(flag_id: int) -> str:
    """The completions that were flagged together with this one, in one state: the asked one, else that of the flag."""
    return group_page(one_flag(flag_id), request.args.get("state", ""), JudgeForm())


def group_page(flag: Flag, state: str, form: JudgeForm, *, ticked: Container[int] = ()) -> str:
    """The page of a group, also after a verdict was refused: then `form` says why and `ticked` were chosen."""
    actor, rows = current_actor(), queries.group_of(current_actor(), flag)
    states = queries.states_of(rows)
    state = state if state in states else flag.state
    flags = queries.group_page(rows, state, after=asked_number("after"))
    shown = flags[: queries.PAGE]
    steps = open_steps_each(FLAG, shown, by=actor)
    hasty = queries.stretches_of(actor, [flag.about]) if flag.code == Doubt.TOO_FAST else {}
    return render_template(
        "completions/group.html",
        flag=flag,
        stands=state,
        shown=shown,
        count=states[state],
        told=_oddness(flag, sum(states.values()), hasty),
        tabs=[_state_tab(flag, one, count, state) for one, count in states.items()],
        postings=postings_on([one.officer for one in shown], on=today()),
        others=queries.others_seen(shown, actor, on=today()),
        origins=queries.origins_of([one.import_id for one in shown], actor),
        gaps=telling.since_before(hasty.get(flag.about, ())),
        when=telling.when,
        duration=as_duration,
        form=form,
        ticked=ticked,
        steps=steps,
        actions=[one for one in FLAG.actions_from(state) if any(one in mine for mine in steps.values())],
        newest_id=rows.select(fn.MAX(Flag.id)).order_by().scalar(),
        at_once=min(states[state], queries.AT_ONCE),
        acts=[_act(one) for one in queries.acts_on(rows)],
        more=url_for(".flag", flag_id=flag.id, state=state, after=shown[-1].id) if len(flags) > len(shown) else None,
    )


def _oddness(flag: Flag, count: int, hasty: dict) -> str:
    group = Group(flag.code, flag.about, count, 0, flag.id, flag.completed_at, flag.import_id)
    return telling.oddness(group, hasty.get(flag.about, ()), flag.officer)


def _state_tab(flag: Flag, state: str, count: int, now: str) -> dict[str, object]:
    url = url_for(".flag", flag_id=flag.id, state=state)
    return {"label": word(state), "url": url, "current": state == now, "count": count}


def _act(act: queries.Act) -> dict[str, str]:
    step = word(act.action)
    return {
        "title": _("%(step)s (%(count)s)", step=step, count=act.count) if act.count > 1 else step,
        "when": moment(act.at),
        "by": act.actor,
        "note": act.remark,
    }
