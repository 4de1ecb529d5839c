"""What a register may not be, said when the application starts and not to its first reader.

Flask-Admin has doors that open with one attribute: rows changed past their
form, rows of other tables deleted by number, whole tables read past the
reader's reach. Nobody opens one here by accident.
"""

from karmyogi.core.permissions import GRANTS, Permission, Reach

TRAPS = {
    "column_editable_list": "changes rows past the form and its checks",
    "inline_models": "deletes and creates rows of another table by posted numbers",
    "form_ajax_refs": "reads a whole table past the reach of the reader",
    "column_display_pk": "shows keys, and offers them in forms",
    "form": "brings fields that form_columns does not name",
    "form_extra_fields": "brings fields that form_columns does not name",
    "form_excluded_columns": "lets in every column that it does not name",
    "fast_mass_delete": "deletes",
    "can_delete": "deletes",
}
SAID = ("table", "title", "group", "slug", "read", "column_list")


class Unregistrable(TypeError):
    """A register that may not be."""


def refuse_traps(register: type, base: type) -> None:
    """Raise Unregistrable for a register that declares too little, or something that Flask-Admin does unsafely.

    What `base`, which every register is made of, declares is not looked at.
    """
    declared = _declared_by(register, base)
    for trap, why in TRAPS.items():
        if declared.get(trap):
            raise Unregistrable(f"{register.__name__}.{trap}: it {why}")
    for needed in SAID:
        if not declared.get(needed):
            raise Unregistrable(f"{register.__name__} does not say its {needed}")
    _refuse_half_open(register, declared.get("write"), declared)


def _refuse_half_open(register: type, write: Permission | None, declared: dict[str, object]) -> None:
    if bool(write) != bool(declared.get("form_columns")):
        raise Unregistrable(f"{register.__name__}: write and form_columns belong together")
    if declared.get("form_new_columns") and write is None:
        raise Unregistrable(f"{register.__name__} adds entries, but nobody may write")
    if write and set(GRANTS[write]) - {Reach.NONE, Reach.ALL}:
        raise Unregistrable(f"{register.__name__}.write reaches only a part of the State: that needs a verb")


def _declared_by(register: type, base: type) -> dict[str, object]:
    own = [one for one in register.__mro__ if issubclass(one, base) and one is not base]
    return {name: value for one in reversed(own) for name, value in vars(one).items()}
