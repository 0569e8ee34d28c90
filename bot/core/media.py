"""Which attachments are kept, and under which name they are handed to a browser."""

from typing import Final

AT_MOST: Final = 5 * 1024 * 1024  # bytes; Twilio's own limit, and half an hour of speech
# What a browser plays or shows without being able to run anything; a picture of a lost paper helps to describe it.
ENDINGS: Final = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/3gpp": "3gp",
    "image/jpeg": "jpg",
    "image/png": "png",
}
REASONS: Final = {
    "kind": "ce genre de fichier n'est pas gardé",
    "too_big": "le fichier est trop grand",
    "elsewhere": "le fichier n'est pas chez Twilio",
    "gone": "Twilio ne l'a plus",
    "away": "le fichier n'a pas pu être pris, malgré plusieurs essais",
}


def plain(content_type: str) -> str:
    """Return a content type without its parameters: "audio/ogg; codecs=opus" is "audio/ogg"."""
    return content_type.partition(";")[0].strip().lower()[:64]
