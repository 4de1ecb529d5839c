"""Where the backups of this installation go, for whom they are locked, and the keys that belong to them."""

from dataclasses import dataclass, field
from pathlib import Path

from karmyogi.config import VERSION, Settings

TRAIL_KEY, SECRET_KEY, FACTOR_KEY = "trail.key", "secret.key", "factor.key"


@dataclass(frozen=True)
class Plan:
    """What a backup needs to know of its installation; without recipients it is not locked."""

    folder: Path | None = None
    recipients: tuple[str, ...] = ()
    keys: dict[str, bytes] = field(default_factory=dict, repr=False)
    key_folder: Path | None = None  # where a restored backup puts the keys that it held
    code: str = VERSION

    @property
    def trail_key(self) -> bytes:
        return self.keys[TRAIL_KEY]


_plan = Plan()


def plan_of(settings: Settings) -> Plan:
    """The plan that these settings make."""
    return Plan(
        folder=settings.backup_folder,
        recipients=settings.backup_recipients,
        keys={SECRET_KEY: settings.secret_key, TRAIL_KEY: settings.trail_key, FACTOR_KEY: settings.factor_key},
        key_folder=settings.key_folder,
    )


def use(chosen: Plan) -> None:
    """The plan of this process."""
    global _plan  # noqa: PLW0603 - set once at start, like the key of the trail
    _plan = chosen


def plan() -> Plan:
    """What `use` was told last; a plan of nothing before."""
    return _plan
