"""Draw every flow into docs/flows/ and list them in docs/flows.md (`make drawings`)."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.adapters.files import read_sources
from bot.core.drawing import svg
from bot.core.drawing_words import Words
from bot.core.flow import Flow
from bot.core.loading import read_parts

ROOT = Path(__file__).resolve().parents[1]
FOLDER, LIST = Path("docs/flows"), Path("docs/flows.md")
HEAD = """# Every conversation, drawn

Made by `make drawings` from the files in `flows/` that are run; a test fails when a picture is older than its flow.
Yellow asks, blue says, violet does something, green goes to another conversation; an arrow says when it is taken.
The sentences are shortened. `segin flows draw lost_document` prints the same as Mermaid, and on the phone simulator's
page the step where somebody stands is lit.
"""


def drawn(root: Path = ROOT) -> Mapping[Path, str]:
    """Return what has to stand in the files of the documentation, by path below the root."""
    parts = read_parts(read_sources(root))[0]
    words = Words(parts.catalogues["fr"].texts, parts.domain.responses, parts.flows, parts.facts.values())
    pictures = {FOLDER / f"{flow.id}.svg": svg(flow, words) for flow in parts.flows.values()}
    return {**pictures, LIST: "\n".join(_list(list(parts.flows.values())))}


def _list(flows: list[Flow]) -> Iterator[str]:
    yield HEAD
    for heading, pattern in (("## What people ask for", False), ("## What holds in every conversation", True)):
        yield f"{heading}\n\n| conversation | what it does | begins with | drawing |\n|---|---|---|---|"
        for flow in sorted((flow for flow in flows if flow.is_pattern == pattern), key=lambda flow: flow.id):
            begins = ", ".join(f"`{intent}`" for intent in flow.triggers)
            picture = f"[`{flow.file}`](flows/{flow.id}.svg)"
            yield f"| {flow.name} (`{flow.id}`) | {flow.description} | {begins} | {picture} |"
        yield ""


def main() -> None:
    """Write what changed and remove pictures of flows that are gone."""
    files = drawn()
    for old in (ROOT / FOLDER).glob("*.svg"):
        if old.relative_to(ROOT) not in files:
            old.unlink()
    for path, text in files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    print(f"{len(files) - 1} flows are drawn in {FOLDER}.")


if __name__ == "__main__":
    main()
