"""What native readers said of the sentences, oldest first; nothing in it is about a returnee."""

from sqlalchemy import Column, Integer, String, Table, Text

from bot.adapters.sql.tables import Hash, UtcTime, metadata

text_review = Table(
    "text_review",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("msgid", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("of", Hash, nullable=False),
    Column("remark", Text, nullable=False),
)
