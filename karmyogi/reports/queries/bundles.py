"""Reads of bundles: files that came in together."""

from collections.abc import Sequence

import peewee

from karmyogi.core.permissions import Actor, Permission
from karmyogi.reports.queries.imports import READ, for_units_of
from karmyogi.store.imports import Bundle, BundleState, Import
from karmyogi.store.jobs import JobRun


def bundles_for(actor: Actor, permission: Permission = READ) -> peewee.ModelSelect:
    """Bundles within reach, the newest first."""
    return Bundle.select().where(for_units_of(actor, permission, Bundle.unit_id)).order_by(Bundle.id.desc())


def locked_bundles(actor: Actor) -> list[Bundle]:
    """Archives that wait for their password, the newest first; twenty at most."""
    return list(bundles_for(actor).where(Bundle.state == BundleState.LOCKED.value).limit(20))


def in_bundle(bundle: Bundle) -> list[Import]:
    """The files of a bundle, as they came."""
    return list(Import.select().where(Import.bundle == bundle).order_by(Import.id))


def runs_of(bundle: Bundle, imports: Sequence[Import]) -> list[JobRun]:
    """The work that was asked for on a bundle and on each of its files."""
    on_all = (JobRun.job == "import-apply-all") & (JobRun.period == str(bundle.id))
    on_each = JobRun.job.in_(["import-check", "import-apply"]) & JobRun.period.in_([str(each.id) for each in imports])
    return list(JobRun.select().where(on_all | on_each).order_by(JobRun.id))
