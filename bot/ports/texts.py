"""What is kept of what native readers say."""

from typing import Protocol

from bot.core.text_reviews import TextReview


class TextReviews(Protocol):
    """What native readers say of the sentences; only added to."""

    def add(self, made: TextReview, *, staff_id: str) -> None:
        """Keep a review. Raises StorageAway."""

    def all(self) -> tuple[TextReview, ...]:
        """Return every review, oldest first. Raises StorageAway."""

    def newest(self) -> int:
        """Return the number of the newest review, 0 before the first. Raises StorageAway."""
