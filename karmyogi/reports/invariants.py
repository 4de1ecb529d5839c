"""What must be true of imports and of the match queue."""

from karmyogi.core.reasons import N_
from karmyogi.store.invariants import Invariant, asking, missing_files

INVARIANTS = (
    Invariant(
        "applied-imports-are-on-the-trail",
        N_("Every import that was applied has its entry on the trail."),
        asking(
            "import",
            "SELECT i.id FROM import i WHERE i.applied_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trail_entry t "
            "WHERE t.subject = 'import' AND t.subject_id = i.id AND t.action = 'import.apply')",
        ),
    ),
    Invariant(
        "imports-are-undone-after-they-were-applied",
        N_("No import was taken back before it was applied."),
        asking(
            "import",
            "SELECT id FROM import WHERE undone_at < applied_at OR applied_at < received_at",
        ),
    ),
    Invariant(
        "files-of-imports-are-there",
        N_("The file of every import is kept as it came."),
        missing_files(
            "import",
            "SELECT id, sha256 FROM import WHERE again_of_id IS NULL",
            "report",
        ),
    ),
    Invariant(
        "taken-back-answers-rule-nobody",
        N_("Nobody in the match queue rests on an answer that was taken back."),
        asking(
            "queued_person",
            "SELECT p.id FROM queued_person p JOIN queue_answer a ON a.id = p.answer_id WHERE a.undone_at IS NOT NULL",
        ),
    ),
)
