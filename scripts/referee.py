"""Compare our SMS counting with Twilio's own calculator (npm sms-segments-calculator) on random texts."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.core.sms_text import SEPTETS, fold, size

ROOT = Path(__file__).parents[1]
SOURCE, BUILD = ROOT / "tests/referee", ROOT / "build/referee"
TEXTS = 100_000
BITS = {"GSM-7": 7, "UCS-2": 16}

GSM7 = sorted(SEPTETS)
EXTENDED = sorted(character for character, cost in SEPTETS.items() if cost > 1)
WORDS = ("kɔseginni ", "être ", "ŋ", "ɲɛ", "n’a pas ", "10\u202f000 F ", "e\u0302", "\r\n", "\r", "\n", "€")
# Not among them: Indic conjuncts and stray joiners, which the calculator cuts by the rules of Unicode 10.
CLUSTERS = ("😀", "👍🏿", "👨\u200d👩\u200d👧", "🇲🇱", "1\ufe0f\u20e3", "ɛ\u0301", "한", "ᄀ", "\u0e33", "\x1b", "\0")
EDGES = (67, 70, 71, 134, 153, 160, 161, 201, 268, 306, 307, 459, 460)  # where a segment begins or ends


def texts(count: int, seed: int) -> list[str]:
    """Make random texts, most of them near a length where one character more costs a segment."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    kinds = (GSM7, [*GSM7, *EXTENDED * 8], [*"abcdefgh ", *WORDS], [*WORDS, *CLUSTERS], [*"ab ", *CLUSTERS])
    return [_text(dice, dice.choice(kinds)) for _ in range(count)]


def _text(dice: random.Random, alphabet: list[str]) -> str:
    short = dice.random() < 0.5  # noqa: PLR2004 - half of them
    units = dice.randint(0, 80) if short else dice.choice(EDGES) + dice.randint(-3, 3)
    text = "".join(dice.choices(alphabet, k=units))
    return fold(text) if dice.random() < 0.1 else text[: max(units, 0)]  # noqa: PLR2004 - one in ten


def install() -> bool:
    """Fetch the calculator, exactly the version that the lock file names; say whether that went well."""
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "count.js"):
        shutil.copy(SOURCE / name, BUILD / name)
    fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.run(fetch, cwd=BUILD, check=False).returncode == 0  # noqa: S603


def count(asked: list[str]) -> list[list[str | int]]:
    """Let the calculator count."""
    lines = "".join(json.dumps(text) + "\n" for text in asked)
    ran = subprocess.run(["node", "count.js"], cwd=BUILD, input=lines, capture_output=True, text=True, check=True)  # noqa: S607
    return [json.loads(line) for line in ran.stdout.splitlines()]


def differences(asked: list[str]) -> list[str]:
    """Count both ways and describe each text that is counted differently."""
    found = []
    for text, theirs in zip(asked, count(asked), strict=True):
        sized = size(text)
        ours = [sized.encoding, sized.segments, sized.units * BITS[sized.encoding]]
        if ours != theirs:
            found.append(f"{text!r}: Twilio counts {theirs}, we count {ours}.")
    return found


def main() -> int:
    """Run the comparison; 0: agreed, or npm is absent on somebody's own machine."""
    if not (shutil.which("npm") and shutil.which("node")):
        print("referee: npm and node are not here; install them (on Debian: apt install npm) to run this comparison.")
        return 1 if os.environ.get("CI") else 0
    began = time.monotonic()
    if not install():
        print("referee: npm could not fetch Twilio's calculator; check the way to its registry and try again.")
        return 1
    halves = [texts(TEXTS // 2, seed) for seed in (1, 2)]
    with ThreadPoolExecutor(len(halves)) as threads:
        found = [line for half in threads.map(differences, halves) for line in half]
    for line in found[:20]:
        print(line)
    print(f"referee: {TEXTS} texts, {len(found)} counted differently, {time.monotonic() - began:.0f} s.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
