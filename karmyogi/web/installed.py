"""What this installation is made of, for pages and commands: its settings, its State's profile, its private files."""

from dataclasses import dataclass

from flask import Flask, current_app

from karmyogi.config import Settings
from karmyogi.core.profile import Profile
from karmyogi.store.files import PrivateFiles

NAME = "karmyogi"


@dataclass(frozen=True)
class Installation:
    settings: Settings
    profile: Profile
    files: PrivateFiles


def install(app: Flask, installation: Installation) -> None:
    app.extensions[NAME] = installation


def settings() -> Settings:
    return current_app.extensions[NAME].settings


def profile() -> Profile:
    return current_app.extensions[NAME].profile


def files() -> PrivateFiles:
    return current_app.extensions[NAME].files
