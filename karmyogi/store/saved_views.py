"""Views that a person keeps of a register under a name: how it was narrowed and sorted. Plain ids, as in the trail."""

from collections.abc import Mapping

import peewee

from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.db import JsonText, Table, database
from karmyogi.store.trail import personal, record

LONGEST_NAME = 60
MOST_VIEWS = 20  # of one person in one register

declare(
    view_needs_name=N_("Give the view a name of at most %(most)s letters, so that you find it again."),
    too_many_views=N_("You keep %(most)s views of this register already. Remove one that you no longer need."),
)


class SavedView(Table):
    """One person's view; what was asked is kept by the names of columns and filters, which outlive their order."""

    user_id = peewee.IntegerField()
    register = peewee.TextField()
    name = peewee.TextField()
    asked = JsonText()

    class Meta:
        indexes = ((("user_id", "register", "name"), True),)

    def __str__(self) -> str:
        return self.name


def views_of(actor: Actor, register: str) -> list[SavedView]:
    """The views that the actor keeps of a register, by name."""
    mine = (SavedView.user_id == actor.user_id) & (SavedView.register == register)
    return list(SavedView.select().where(mine).order_by(SavedView.name))


def save_view(register: str, name: str, asked: Mapping[str, object], *, by: Actor) -> SavedView:
    """Keep a view under a name, in place of one that has it already.

    Raises RuleBroken for a name that is none or too long, and past `MOST_VIEWS`.
    """
    if not 0 < len(name) <= LONGEST_NAME:
        raise RuleBroken(reason("view_needs_name", most=LONGEST_NAME))
    with database.atomic():
        kept = {view.name: view for view in views_of(by, register)}
        view = kept.get(name) or SavedView(user_id=by.user_id, register=register, name=name)
        if name not in kept and len(kept) >= MOST_VIEWS:
            raise RuleBroken(reason("too_many_views", most=MOST_VIEWS))
        view.asked = dict(asked)
        view.save()
        record(by, "view.save", view, {"register": register, "name": personal(name)})
    return view


def forget_view(register: str, view_id: int, *, by: Actor) -> None:
    """Remove a view of the actor's own. Raises NotThere for any other."""
    with database.atomic():
        view = next((one for one in views_of(by, register) if one.id == view_id), None)
        if view is None:
            raise NotThere("not_there")
        record(by, "view.forget", view, {"register": register, "name": personal(view.name)})
        view.delete_instance()
