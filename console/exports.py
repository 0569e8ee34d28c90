"""Tables to take along: CSV streamed as it is read, XLSX row by row; names only for a reason that is kept."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import Final

from flask import Response, abort

from bot.adapters import sheets
from console.doors import Desk

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REASON: Final = (5, 200)  # letters of a reason
_READ: Final = 64 * 1024

Rows = Iterator[Sequence[object]]


def table(rows: Rows, name: str, kind: str) -> Response:
    """Return a table as `kind` ("csv" or "xlsx"); memory does not grow with its rows."""
    if kind not in ("csv", "xlsx"):
        abort(404)
    body, said = (sheets.write_csv(rows), "text/csv") if kind == "csv" else (_xlsx(rows), XLSX)
    answer = Response(body, mimetype=said)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _xlsx(rows: Rows) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        sheets.write_xlsx(rows, file)
        file.seek(0)
        while piece := file.read(_READ):
            yield piece


def reason_of(desk: Desk, typed: str, object_id: str) -> str | None:
    """Note why somebody takes names along; returns a sentence where no reason is given."""
    least, most = REASON
    reason = " ".join(typed.split())
    if not least <= len(reason) <= most:
        return f"Écrivez en {least} à {most} signes pourquoi il vous faut les noms ; la raison est gardée."
    desk.saw("ledger.export_names", object_id, reason)
    return None
