"""The first schema, as SQL beside this file."""

import re
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql").read_text()
BETWEEN = "\n--;;\n"


def upgrade() -> None:
    cursor = op.get_bind().connection.cursor()
    for statement in SQL.split(BETWEEN):
        cursor.execute(statement)  # as it stands: percent signs are no placeholders here
    cursor.close()


def downgrade() -> None:
    for kind in ("TABLE", "SEQUENCE", "FUNCTION"):
        names = re.findall(rf"^\s*CREATE {kind} (\w+)", SQL, re.MULTILINE)
        for name in reversed(names):
            op.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
