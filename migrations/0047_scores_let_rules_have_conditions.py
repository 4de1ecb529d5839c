"""Conditions and an order of counting of each rule of the policy; published rules have none and stay as they are."""

COLUMNS = ("conditions", "counted_first")


def up(migrator, db):
    for column in COLUMNS:
        db.execute_sql(f'ALTER TABLE "policy_rule" ADD COLUMN "{column}" TEXT')


def down(migrator, db):
    for column in COLUMNS:
        db.execute_sql(f'ALTER TABLE "policy_rule" DROP COLUMN "{column}"')
