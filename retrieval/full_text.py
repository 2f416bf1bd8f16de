"""The database's own full-text index over the words of all passages: FTS5 on SQLite, a GIN index on PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

_MOST_MATCHES = 5_000  # that are put in order of score; each costs about 4 µs
_COUNT = {
    "sqlite": text("SELECT count(*) FROM passage_words WHERE passage_words MATCH :words"),
    "postgresql": text("SELECT count(*) FROM passages WHERE found_by @@ to_tsquery('simple', :words)"),
}
_BEST = {
    "sqlite": text("SELECT rowid FROM passage_words WHERE passage_words MATCH :words ORDER BY rank LIMIT :limit"),
    "postgresql": text(
        "SELECT id FROM passages, to_tsquery('simple', :words) AS query WHERE found_by @@ query"
        " ORDER BY ts_rank(found_by, query, 2) DESC, id LIMIT :limit"
    ),
}
_NEWEST = {
    "sqlite": text("SELECT rowid FROM passage_words WHERE passage_words MATCH :words ORDER BY rowid DESC LIMIT :limit"),
    "postgresql": text(
        "SELECT id FROM passages WHERE found_by @@ to_tsquery('simple', :words) ORDER BY id DESC LIMIT :limit"
    ),
}


def frequencies(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """How many passages hold each word."""
    count = _COUNT[connection.dialect.name]
    return {word: connection.execute(count, {"words": _any(connection, [word])}).scalar_one() for word in words}


def find_words(connection: Connection, held_by: dict[str, int], limit: int) -> list[int]:
    """Ids of the passages that hold some of these words, the likeliest first.

    Rare words tell most: they are looked for first, and common ones only while the matches stay few. Where even the
    rarest is in too many passages to be put in order, the newest are taken.

    Args:
        connection: of the store.
        held_by: word → how many passages hold it (`frequencies`).
        limit: of ids.
    """
    rarest = sorted((word for word, held in held_by.items() if held), key=lambda word: held_by[word])
    if not rarest:
        return []
    taken, matches = rarest[:1], held_by[rarest[0]]
    for word in rarest[1:]:
        matches += held_by[word]
        if matches > _MOST_MATCHES:
            break
        taken.append(word)
    statement = _BEST if held_by[rarest[0]] <= _MOST_MATCHES else _NEWEST
    asked = {"words": _any(connection, taken), "limit": limit}
    return list(connection.scalars(statement[connection.dialect.name], asked))


def _any(connection: Connection, words: Sequence[str]) -> str:
    """A query of the index for any of `words`; they hold no quotes (`words.words_of`)."""
    if connection.dialect.name == "sqlite":
        return " OR ".join(f'"{word}"' for word in words)
    return " | ".join(f"'{word}'" for word in words)
