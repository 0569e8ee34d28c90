"""Keeps what native readers say of the sentences: only added to, so that every word can be told."""

from dataclasses import asdict

from sqlalchemy import func, insert, select

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit
from bot.adapters.sql.tables_texts import text_review
from bot.core.text_reviews import TextReview

_COLUMNS = tuple(text_review.c[name] for name in TextReview.__dataclass_fields__)


class SqlTextReviews:
    """The reviews, in the database of everything else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, made: TextReview, *, staff_id: str) -> None:
        """Keep a review and note it in the audit trail. Raises StorageAway."""
        note = {"at": made.at, "actor": staff_id, "action": f"text.{made.verdict}", "object_id": made.of, "detail": ""}
        with self._database.writing() as connection:
            connection.execute(insert(text_review).values(asdict(made)))
            connection.execute(insert(audit).values({**note, "detail": made.msgid}))

    def all(self) -> tuple[TextReview, ...]:
        """Return every review, oldest first. Raises StorageAway."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(text_review.c.id)).all()
        return tuple(TextReview(*row) for row in rows)

    def newest(self) -> int:
        """Return the number of the newest review, 0 before the first. Raises StorageAway."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(text_review.c.id))).scalar() or 0
