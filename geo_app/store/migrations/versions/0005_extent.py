"""The land that the file of a layer covers: nobody who lives beyond it is to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of layers imported before, nobody knows."""
    op.add_column(
        "layer_version", sa.Column("extent", sa.String(), nullable=False, server_default="")
    )
