"""What must be true of units, officers and postings."""

from karmyogi.core.reasons import N_
from karmyogi.store.invariants import Invariant, asking


def _off_its_path(path: str, parent: str) -> str:
    return (
        f"SELECT u.id, u.{path} FROM org_unit u LEFT JOIN org_unit p ON p.id = u.{parent} "  # noqa: S608 - names of ours
        f"WHERE u.{path} <> COALESCE(p.{path}, '/') || u.id || '/'"
    )


INVARIANTS = (
    Invariant(
        "one-posting-at-a-time",
        N_("No officer is posted in two units on one day."),
        asking(
            "posting",
            "SELECT id, from_on FROM (SELECT id, from_on, LAG(COALESCE(to_on, '9999-12-31')) OVER "
            "(PARTITION BY officer_id ORDER BY from_on) AS earlier FROM posting) AS postings WHERE from_on <= earlier",
        ),
    ),
    Invariant(
        "one-state",
        N_("There is one State, and every other unit hangs below it."),
        asking(
            "org_unit",
            "SELECT id, kind FROM org_unit WHERE (kind = 'state') <> (line_parent_id IS NULL) "
            "OR (kind = 'state' AND id <> (SELECT MIN(id) FROM org_unit WHERE kind = 'state'))",
        ),
    ),
    Invariant(
        "units-lie-on-their-line",
        N_("Each unit's path leads from the State through the units above it."),
        asking(
            "org_unit",
            _off_its_path("line_path", "line_parent_id"),
        ),
    ),
    Invariant(
        "units-lie-in-their-territory",
        N_("Each unit's territory leads from the State through its district."),
        asking(
            "org_unit",
            _off_its_path("territory_path", "territory_parent_id"),
        ),
    ),
    Invariant(
        "codes-differ-by-more-than-case",
        N_("No two officers have the same employee code but for letters' case."),
        asking(
            "officer",
            "SELECT MAX(id) AS newest FROM officer GROUP BY UPPER(REPLACE(employee_code, ' ', '')) HAVING COUNT(*) > 1",
        ),
    ),
    Invariant(
        "merged-records-point-to-one-that-stands",
        N_("A record that gave way to another points to one that stands."),
        asking(
            "officer",
            "SELECT o.id FROM officer o JOIN officer t ON t.id = o.merged_into_id "
            "WHERE t.merged_into_id IS NOT NULL OR t.id = o.id",
        ),
    ),
)
