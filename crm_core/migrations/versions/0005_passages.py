"""Passages of texts with their words and vectors, and a full-text index over the words."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "passages",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("embedder", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
        sa.UniqueConstraint("kind", "record_id", "position", name=op.f("uq_passages_kind_record_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passages_embedder", "passages", ["embedder"])
    if op.get_bind().dialect.name == "sqlite":
        _index_words_sqlite()
    else:
        _index_words_postgresql()


def _index_words_sqlite() -> None:
    """FTS5 over the words column; triggers keep it in step."""
    op.execute(
        "CREATE VIRTUAL TABLE passage_words USING fts5"
        "(words, content='passages', content_rowid='id', tokenize='unicode61')"
    )
    adds = "INSERT INTO passage_words(rowid, words) VALUES (new.id, new.words);"
    takes = "INSERT INTO passage_words(passage_words, rowid, words) VALUES ('delete', old.id, old.words);"
    op.execute(f"CREATE TRIGGER passages_words_added AFTER INSERT ON passages BEGIN {adds} END")
    op.execute(f"CREATE TRIGGER passages_words_gone AFTER DELETE ON passages BEGIN {takes} END")
    op.execute(f"CREATE TRIGGER passages_words_new AFTER UPDATE OF words ON passages BEGIN {takes} {adds} END")


def _index_words_postgresql() -> None:
    op.execute(
        "ALTER TABLE passages ADD COLUMN found_by tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
    )
    op.execute("CREATE INDEX ix_passages_found_by ON passages USING gin (found_by)")
