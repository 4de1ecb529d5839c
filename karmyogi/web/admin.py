"""The registers under one roof, /admin/: one Flask-Admin with our own frame, each register behind its permission."""

from collections.abc import Callable, Iterable
from functools import wraps

from flask import Flask
from flask_admin import Admin, BaseView, expose
from flask_admin.theme import Theme
from flask_babel import lazy_gettext

from karmyogi.core.permissions import Permission, can
from karmyogi.core.reasons import N_
from karmyogi.web.access import current_actor, requires
from karmyogi.web.registers import Register
from karmyogi.web.traps import Unregistrable

ENDPOINT = "admin"
FOLDER = "bootstrap4"  # Flask-Admin's own templates, behind ours; nothing of its scripts and styles is served


class Front(BaseView):
    """The front page: the registers that this person may open, by group."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self.permissions = tuple(permissions)
        super().__init__(name=lazy_gettext(N_("Registers")), endpoint=ENDPOINT, url=f"/{ENDPOINT}")

    def is_accessible(self) -> bool:
        return any(can(current_actor(), permission) for permission in self.permissions)

    @expose("/")
    def index(self) -> str:
        return self.render("admin/index.html")


def install(app: Flask, registers: Iterable[type[Register]]) -> Admin:
    """Open the registers at /admin/, in this order; their groups stand in the order of their first register.

    Raises Unregistrable for anything that is not a Register, or is a trapped one.
    """
    registers = tuple(registers)
    strangers = [one for one in registers if not (isinstance(one, type) and issubclass(one, Register))]
    if strangers:
        raise Unregistrable(f"{strangers[0]!r} is no Register")
    reads = {register.read: None for register in registers}  # each once, in order
    front = Front(reads)
    admin = Admin(app, index_view=front, theme=Theme(FOLDER, "admin/base.html"))
    _guard(app, front, front.permissions)
    for register in registers:
        view = register()
        admin.add_view(view)
        _guard(app, view, [view.read])
    return admin


def _guard(app: Flask, view: BaseView, permissions: Iterable[Permission]) -> None:
    """Say of every page of a view what it needs: pages that say nothing stay closed."""
    for endpoint, function in list(app.view_functions.items()):
        if endpoint.rpartition(".")[0] == view.endpoint:
            app.view_functions[endpoint] = requires(*permissions)(_own_copy(function))


def _own_copy(function: Callable[..., object]) -> Callable[..., object]:
    """All registers share Flask-Admin's functions; what one of them needs must not be said of the others."""

    @wraps(function)
    def call(*args: object, **values: object) -> object:
        return function(*args, **values)

    return call
