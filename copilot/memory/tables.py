"""The tables of conversations: all that the third engine may touch."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("thread", String(260), primary_key=True),  # the actor's id, a slash, the name
    Column("kind", String(20), nullable=False),  # of the serialised state
    Column("state", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),  # of the state, bytes
    Column("used_at", DateTime(timezone=True), nullable=False, index=True),
)
spending = Table(
    "spending",
    metadata,
    Column("actor_id", BigInteger, primary_key=True),
    Column("day", Date, primary_key=True),  # UTC
    Column("model", String(200), primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("cost_micros", BigInteger, nullable=False),  # millionths of the unit that prices are set in
)
dismissals = Table(  # what a person set aside until something new happens
    "dismissals",
    metadata,
    Column("actor_id", BigInteger, primary_key=True),
    Column("entity", String(40), primary_key=True),
    Column("record_id", BigInteger, primary_key=True),
    Column("seen", Text, nullable=False),  # JSON: what was known of it
    Column("set_aside_on", Date, nullable=False),
)
transcripts = Table(  # of `copilot.memory.transcripts`
    "transcripts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("actor_id", BigInteger, nullable=False, index=True),
    Column("thread", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("reply", Text),  # JSON, as the door shows it; null while it is being worked on
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)
feedback = Table(  # of `copilot.feedback`
    "feedback",
    metadata,
    Column("turn", String(260), primary_key=True),  # the door's name of the answer
    Column("person", BigInteger, primary_key=True),
    Column("verdict", String(4), nullable=False),
    Column("question", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
egress_log = Table(  # of `copilot.egress.log`
    "egress_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("sent", Text, nullable=False),  # JSON
    sqlite_autoincrement=True,
)
egress_key = Table(
    "egress_key",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("value", LargeBinary, nullable=False),
)
unread_words = Table(
    "unread_words",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("word", Text, nullable=False),
    Column("is_known", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("asked_on", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("rephrased", Text),
    sqlite_autoincrement=True,
)
summaries = Table(  # of `copilot.memory.summaries`
    "summaries",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("sentences", Text, nullable=False),  # JSON
    Column("used_at", DateTime(timezone=True), nullable=False, index=True),
)
