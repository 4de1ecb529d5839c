"""The command line: a connection for the command, refusals as sentences, and the exit codes of the contract.

0 done, 1 refused with a reason, 2 wrong usage (click's own).
"""

import json
import os
import pwd
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

import click

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.store.db import database, take_time
from karmyogi.web.i18n import say

P = ParamSpec("P")


def on_database(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command on one connection without a limit on long statements; say a refusal and exit with 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with database.connection_context():
                take_time()
                command(*args, **kwargs)
        except KarmyogiError as error:
            for reason in error.reasons:
                click.echo(say(reason), err=True)
            sys.exit(1)

    return run


def at_the_shell() -> Actor:
    """The system, by the hand of whoever is signed in to this machine, so that the trail names them.

    After `sudo` it is who called it. Where the machine knows no name, their number.
    """
    user = os.environ.get("SUDO_USER") or _machine_user()
    return replace(SYSTEM, name=f"{SYSTEM.name} ({user})")


def _machine_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container that runs under a number
        return str(os.getuid())


def print_json(value: object) -> None:
    """One JSON value on standard output, readable Hindi, stable order of keys."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str))
