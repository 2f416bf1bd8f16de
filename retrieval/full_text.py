"""The database's own full-text index over the words of all passages: FTS5 on SQLite, a GIN index on PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

_SQLITE = text(
    "SELECT rowid AS id, -bm25(passage_words) AS score FROM passage_words"
    " WHERE passage_words MATCH :words ORDER BY rank LIMIT :limit"
)
_POSTGRESQL = text(
    "SELECT id, ts_rank(found_by, query, 2) AS score FROM passages, to_tsquery('simple', :words) AS query"
    " WHERE found_by @@ query ORDER BY score DESC, id LIMIT :limit"
).bindparams(bindparam("words"))


def find_words(connection: Connection, words: Sequence[str], limit: int) -> dict[int, float]:
    """The passages that hold some of `words`, the best first: passage id → score.

    Scores compare within one call only.
    """
    if not words:
        return {}
    is_sqlite = connection.dialect.name == "sqlite"
    quoted = (f'"{word}"' for word in words) if is_sqlite else (f"'{word}'" for word in words)
    wanted = " OR ".join(quoted) if is_sqlite else " | ".join(quoted)
    rows = connection.execute(_SQLITE if is_sqlite else _POSTGRESQL, {"words": wanted, "limit": limit})
    return {row.id: float(row.score) for row in rows}
