"""Thousands of fresh generated inputs of each kind, counted by outcome: python tests/fuzz/thousands.py [--number N] [--seed S] [--write PAGE]."""

import argparse
import random
from pathlib import Path

from harness import SECONDS, outcomes
from kinds import KINDS

BEGIN, END = "<!-- fuzz -->\n", "<!-- /fuzz -->"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    lines = [
        f"Seed {options.seed}. Tracebacks and wrong numbers: 0; longer than {SECONDS} s: 0 (else the run stops and names the input).\n",
        "| inputs | number | read | refused in words | slowest |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, kind in KINDS.items():
        found, slowest = outcomes(kind, options.number, options.seed)
        english = {
            "ブック": "workbooks",
            "台帳": "ledgers",
            "ノートブック": "notebooks",
            "事務所の文章": "texts as an office types them",
        }.get(name, name)
        lines.append(f"| {english} | {options.number:,} | {found['read']:,} | {found['refused']:,} | {slowest:.1f} s |")
        print(lines[-1], flush=True)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        options.write.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
