"""How long a list of many people takes from file to persons, and how much memory; in a process of its own."""

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.adapters import sheets
from bot.bootstrap import build, prepare_data
from bot.config import read_settings
from bot.core.imports import Terms
from bot.service import import_contacts as use

TITLES = ("Nom et prénoms", "Téléphone", "Région", "Métier", "Date de retour", "Sexe", "Âge")
NAMES = ("Awa Traoré", "Moussa Coulibaly", "Fanta Diarra", "Ibrahim Keïta", "Oumou Sangaré")
REGIONS = ("Kayes", "Ségou", "Kita", "Mopti", "Bamako")
WRONG_EVERY = 100  # lines: one in a hundred has a number that is none


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """Seconds to read and judge every line, and to let the good ones in; CPU seconds; megabytes before and at most."""

    lines: int
    kind: str
    read: float
    let_in: float
    cpu: float
    persons: int
    before: int
    peak: int


def imported(folder: Path, *, lines: int, kind: str) -> ImportFigures:
    """Import a made-up list of so many lines ("csv" or "xlsx") into new data below `folder`."""
    command = [sys.executable, "-m", "bench.contacts", str(folder), str(lines), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 our own module
    return ImportFigures(**json.loads(done.stdout.splitlines()[-1]))


def _people(lines: int) -> Iterator[tuple[str, ...]]:
    yield TITLES
    for n in range(lines):
        number = f"7{6_000_000 + n}" if n % WRONG_EVERY else "12"
        yield NAMES[n % 5], number, REGIONS[n % 5], "maçon", "03/05/2026", "FH"[n % 2], str(18 + n % 40)


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _measure(folder: Path, lines: int, kind: str) -> ImportFigures:
    settings = read_settings({"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(folder)})
    prepare_data(settings)
    desk = build(settings, "redis+socket:///nowhere").import_desk
    file = io.BytesIO()
    if kind == "csv":
        file.writelines(sheets.write_csv(_people(lines)))
    else:
        sheets.write_xlsx(_people(lines), file)
    file.seek(0)
    before, started, cpu = _megabytes(), time.perf_counter(), time.process_time()
    new = use.upload(desk, file, by="bench")
    use.agree(desk, new.id, Terms(new.columns, "bench"), by="bench")
    use.work(desk, new.id)
    judged = time.perf_counter()
    use.let_in(desk, new.id, merge=False, all_or_nothing=False, by="bench")
    use.work(desk, new.id)
    done, found = time.perf_counter(), desk.imports.one(new.id)
    persons = found.count("in") if found else 0
    worked = time.process_time() - cpu
    return ImportFigures(lines, kind, judged - started, done - judged, worked, persons, before, _megabytes())


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))))
