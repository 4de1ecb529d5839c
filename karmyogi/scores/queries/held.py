"""Whom computing a month leaves out of the ranks."""

# Of the month that ends on :last_on. The record that stands is held for one that gave way to it.
HELD = """
    SELECT COALESCE(held_officer.merged_into_id, held_officer.id)
    FROM score_hold
    JOIN officer held_officer ON held_officer.id = score_hold.officer_id
    WHERE score_hold.state = 'held' AND score_hold.month = SUBSTR(:last_on, 1, 7)"""
