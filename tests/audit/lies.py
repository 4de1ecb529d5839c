"""Ways in which rows of a healthy State may lie: for each invariant at least one, as statements or as an act."""

from collections.abc import Callable
from datetime import UTC, datetime

from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.people.models import Officer
from karmyogi.reports.models import QueueAnswer, QueuedPerson
from karmyogi.store.transitions import CaseStep

Lie = str | Callable[[], object]
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def newest(table: str, where: str = "true") -> str:
    return f"(SELECT MAX(id) FROM {table} WHERE {where})"


IS_GAD = "role = 'gad'"
FOLLOWS = newest(
    "case_step",
    "EXISTS (SELECT 1 FROM case_step e WHERE e.workflow = case_step.workflow "
    "AND e.case_id = case_step.case_id AND e.id < case_step.id)",
)
A_JOB = (
    "INSERT INTO job_run (job, period, state, progress, attempts, cancel_asked, queued_at, started_at, {more}) VALUES "
)


def claim(*, hand: bool = False) -> Achievement:
    """A claim whose last step led to `verified`, by its own officer or by nobody we know, but which does not say so."""
    officer = Officer.select().order_by(Officer.id).first()
    facts = {"title": "Noting", "finished_on": LONG_AGO.date(), "submitted_at": LONG_AGO}
    made = Achievement.create(officer=officer, state="submitted", **facts)
    step = {"workflow": "achievement", "case_id": made.id, "action": "verify", "actor": "x", "at": LONG_AGO}
    CaseStep.create(from_state="submitted", to_state="verified", officer_id=officer.id if hand else None, **step)
    return made


def claim_with_pictures_lost() -> None:
    names = {f"{kind}_sha256": "0" * 64 for kind in ("original", "image", "thumb")}
    size = {"image_format": "jpeg", "width": 1, "height": 1, "size_bytes": 1}
    CertificateImage.create(achievement=claim(), uploaded_at=LONG_AGO, **names, **size)


def rest_on_an_answer_taken_back() -> None:
    answer = QueueAnswer.create(verdict="aside", remark="x", answered_at=LONG_AGO, undone_at=LONG_AGO)
    QueuedPerson.create(code="x", since=LONG_AGO, state="aside", answer=answer, label="x")


LIES: dict[str, list[Lie]] = {
    "trail-is-one-chain": [
        f"UPDATE trail_entry SET remark = 'tea' WHERE id = {newest('trail_entry')}",
        f"UPDATE trail_entry SET user_id = 77 WHERE id = {newest('trail_entry')} - 1",
        f"DELETE FROM trail_entry WHERE id = {newest('trail_entry')} - 1",
        f"UPDATE trail_entry SET id = {newest('trail_entry')} + 1 WHERE id = {newest('trail_entry')} - 1",
    ],
    "steps-follow-each-other": [f"UPDATE case_step SET from_state = 'tea' WHERE id = {FOLLOWS}"],
    "steps-do-not-go-back-in-time": [f"UPDATE case_step SET at = '2001-01-01 00:00:00' WHERE id = {FOLLOWS}"],
    "no-job-is-stuck": [
        A_JOB.format(more="lease_until")
        + "('tea', '1', 'running', 0, 1, false, '2001-01-01 00:00:00', '2001-01-01 00:00:00', '2001-01-01 00:30:00')"
    ],
    "jobs-end-after-they-begin": [
        A_JOB.format(more="finished_at")
        + "('tea', '1', 'done', 1000, 1, false, '2001-01-01 00:00:00', '2001-01-02 00:00:00', '2001-01-01 00:00:00')"
    ],
    "nothing-points-nowhere": [
        f"UPDATE posting SET unit_id = 999999 WHERE id = {newest('posting')}",
        "DELETE FROM officer WHERE id = (SELECT MAX(officer_id) FROM posting)",
    ],
    "schema-is-known": ["DELETE FROM schema_migration WHERE name = (SELECT MAX(name) FROM schema_migration)"],
    "one-posting-at-a-time": [
        "INSERT INTO posting (officer_id, unit_id, from_on) "
        "SELECT officer_id, unit_id, '1950-01-01' FROM posting WHERE id = (SELECT MIN(id) FROM posting)",
    ],
    "one-state": [
        f"UPDATE org_unit SET line_parent_id = NULL WHERE id = {newest('org_unit')}",
        f"UPDATE org_unit SET kind = 'state' WHERE id = {newest('org_unit')}",
    ],
    "units-lie-on-their-line": [
        f"UPDATE org_unit SET line_path = '/1/' WHERE id = {newest('org_unit')}",
        f"UPDATE org_unit SET line_parent_id = id WHERE id = {newest('org_unit')}",
    ],
    "units-lie-in-their-territory": [f"UPDATE org_unit SET territory_path = '/' WHERE id = {newest('org_unit')}"],
    "codes-differ-by-more-than-case": [
        "UPDATE officer SET employee_code = (SELECT LOWER(employee_code) || ' ' FROM officer WHERE id = "
        f"(SELECT MIN(id) FROM officer)) WHERE id = {newest('officer')}"
    ],
    "merged-records-point-to-one-that-stands": [
        f"UPDATE officer SET merged_into_id = id WHERE id = {newest('officer')}"
    ],
    "roles-apart-are-held-apart": [
        "INSERT INTO role_grant (user_id, role, tree, is_in_charge, from_on) SELECT user_id, 'auditor', 'line', false, "
        f"'2020-01-01' FROM role_grant WHERE id = {newest('role_grant', IS_GAD)}"
    ],
    "passwords-are-kept-as-argon2id": [
        f"UPDATE account SET password_hash = '$2b$12$tea' WHERE id = {newest('account')}"
    ],
    "sessions-end-after-they-begin": [
        "INSERT INTO session (token_hash, user_id, created_at, touched_at, address, agent) "
        f"VALUES ('tea', {newest('account')}, '2001-01-02 00:00:00', '2001-01-01 00:00:00', '', '')"
    ],
    "secrets-are-used-in-time": [
        "INSERT INTO one_time_secret (user_id, secret_hash, made_at, expires_at, used_at) VALUES "
        f"({newest('account')}, 'tea', '2001-01-01 00:00:00', '2001-01-02 00:00:00', '2001-01-03 00:00:00')"
    ],
    "completions-count-in-their-month": [
        f"UPDATE completion SET month = '2001-01' WHERE id = {newest('completion')}",
        f"UPDATE completion SET completed_at = '2001-01-01 00:00:00' WHERE id = {newest('completion')}",
    ],
    "enrolments-name-their-day": [
        f"UPDATE enrolment SET enrolled_on = '2001-01-01' WHERE id = {newest('enrolment', 'enrolled_at IS NOT NULL')}"
    ],
    "completions-come-from-reports-that-stand": [
        f"UPDATE completion SET import_id = 999999 WHERE id = {newest('completion')}",
        "UPDATE import SET state = 'undone', undone_at = applied_at WHERE id = (SELECT MAX(import_id) FROM completion)",
    ],
    "no-completion-is-later-than-reported": [
        "DELETE FROM completion WHERE id = (SELECT MAX(c.id) FROM completion c JOIN enrolment e ON "
        "e.officer_id = c.officer_id AND e.course_id = c.course_id WHERE e.has_certificate)",
    ],
    "flags-speak-of-their-officer": [
        "UPDATE flag SET officer_id = (SELECT MAX(id) FROM officer WHERE id <> flag.officer_id) "
        f"WHERE id = {newest('flag')}"
    ],
    "applied-imports-are-on-the-trail": ["UPDATE trail_entry SET action = 'tea' WHERE action = 'import.apply'"],
    "imports-are-undone-after-they-were-applied": [
        f"UPDATE import SET applied_at = '2001-01-01 00:00:00' WHERE id = {newest('import', 'applied_at IS NOT NULL')}"
    ],
    "files-of-imports-are-there": [
        f"UPDATE import SET sha256 = 'tea' WHERE id = {newest('import', 'again_of_id IS NULL')}"
    ],
    "taken-back-answers-rule-nobody": [rest_on_an_answer_taken_back],
    "claims-stand-where-their-last-step-led": [claim],
    "nobody-verifies-their-own-claim": [lambda: claim(hand=True)],
    "originals-of-certificates-are-there": [claim_with_pictures_lost],
    "pictures-of-certificates-are-there": [claim_with_pictures_lost],
}

GUARDS_DOWN = {
    "sqlite": ["PRAGMA defer_foreign_keys = ON", "DROP TRIGGER trail_no_update", "DROP TRIGGER trail_no_delete"],
    "postgres": ["SET LOCAL session_replication_role = replica"],
}
