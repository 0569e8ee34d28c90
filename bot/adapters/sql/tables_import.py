"""The tables of imports: the uploaded list in sealed pieces, and each of its lines until it is let in."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    text,
)

from bot.adapters.sql.tables import Hash, Id, UtcTime, metadata, of_person

contact_import = Table(
    "contact_import",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_by", String(128), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),  # core.imports.State
    Column("titles", LargeBinary, nullable=False),  # sealed: a list without titles has a person in its first line
    Column("columns", JSON, nullable=False),  # what each column is; null: left out
    Column("consent_source", String(64), nullable=False, server_default=""),
    Column("tag", String(64), nullable=False, server_default=""),
    Column("all_or_nothing", Boolean, nullable=False, server_default=text("true")),
    Column("merge", Boolean, nullable=False, server_default=text("false")),  # duplicates by number, confirmed
    Column("lines", Integer, nullable=False, server_default="0"),  # of the list, as far as it has been read
    Column("last_line", Integer, nullable=False, server_default="0"),  # up to where it has been read, or let in
    Column("failure", String(255), nullable=False, server_default=""),
    Column("lease_until", UtcTime),
    Column("finished_at", UtcTime),
    Index(None, "state", "created_at"),
)

import_piece = Table(
    "import_piece",
    metadata,
    Column("import_id", Id, ForeignKey("contact_import.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # sealed
)

import_row = Table(
    "import_row",
    metadata,
    Column("import_id", Id, ForeignKey("contact_import.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("status", String(8), nullable=False),  # good, bad, twice, known, then in, merged, left
    Column("number_hash", Hash),
    Column("body", LargeBinary),  # sealed; none: bad, or dealt with
    Column("problems", JSON),  # values masked; none: good
    of_person(index=True),
    Index(None, "import_id", "number_hash"),
    Index(None, "import_id", "status", "line"),
)
