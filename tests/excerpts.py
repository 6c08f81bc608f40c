#!/usr/bin/env python3
"""Blocks of Markdown marked `c FILE` (or conf, go, js, python) must be in that file,
line for line, however indented; a line `...` stands for lines left out. At least
one block must be there."""

import re
import sys


def blocks(path):
    text = open(path, encoding="utf-8").read()
    return re.findall(r"^```(?:c|conf|go|js|python) (\S+)\n(.*?)^```$", text, re.M | re.S)


def find(lines, part, start):
    """Where part stands in lines, at or after start, or -1."""
    for i in range(start, len(lines) - len(part) + 1):
        if lines[i : i + len(part)] == part:
            return i
    return -1


def missing(source, block):
    """The first lines of the part of block that is not in the file, or None."""
    lines = [line.strip() for line in open(source, encoding="utf-8")]
    position = 0
    for part in re.split(r"^\s*\.\.\.\n", block, flags=re.M):
        part = [line.strip() for line in part.splitlines()]
        found = find(lines, part, position)
        if part and found < 0:
            return part[0]
        position = found + len(part)
    return None


count = 0
failed = False
for deck in sys.argv[1:]:
    for source, block in blocks(deck):
        count += 1
        line = missing(source, block)
        if line is not None:
            print(f"{deck}: not so in {source}: {line}")
            failed = True
sys.exit(1 if failed or count == 0 else 0)
