"""Backups: the database at one moment and the private files with it, in one folder that proves itself.

`make` writes one while everybody works, `check` reads one against its manifest,
`restore` brings one into an empty database, `thin` lets go of old ones.
"""

from karmyogi.store.backups.checking import Checked, check
from karmyogi.store.backups.making import Made, make
from karmyogi.store.backups.manifest import BackupRefused, Manifest
from karmyogi.store.backups.plan import Plan, plan, plan_of, use
from karmyogi.store.backups.restoring import laid_out, put_back_keys, refuse_target, restore, unlike
from karmyogi.store.backups.retention import outlived, thin

__all__ = [
    "BackupRefused",
    "Checked",
    "Made",
    "Manifest",
    "Plan",
    "check",
    "laid_out",
    "make",
    "outlived",
    "plan",
    "plan_of",
    "put_back_keys",
    "refuse_target",
    "restore",
    "thin",
    "unlike",
    "use",
]
