"""Print what the bash of scripts/bash-versions does not know, script by script.

With arguments, look at those files as scripts for bash 3.2.
"""

import fnmatch
import os
import re
import subprocess
import sys

# What came after 3.2, and since when.
LATER = [
    (r"\b(declare|local|typeset|export) -[A-Za-z]*[Angl]", "4.0 or later"),
    (r"\$\{!?\w+(\[[^]]*\])?(\^|,)", "${x^}, ${x,}: 4.0"),
    (r"\$\{\w+(\[[^]]*\])?@[A-Za-z]\}", "${x@Q}: 4.4"),
    (r"\b(mapfile|readarray|coproc)\b", "4.0"),
    (r"&>>|\|&", "&>>, |&: 4.0"),
    (r";;?&\s*$", ";&, ;;&: 4.0"),
    (r"\b(EPOCHREALTIME|EPOCHSECONDS|BASHPID|SRANDOM)\b", "4.0 or later"),
    (r"\bwait -[np]", "wait -n: 4.3"),
    (r"(exec |\s)\{\w+\}[<>]", "{fd}>: 4.1"),
    (r"\$\{\w+:[^-+=?}:][^}:]*:\s*-|\$\{\w+:\d:\s*-", "${x:0:-1}: 4.2"),
    (r"\$\{\w+\[-", "${a[-1]}: 4.2"),
    (r"\bread\b[^|;&]*\s-\w*t\s*\d*\.", "read -t 0.5: 4.0"),
    (r"printf .*%\(", "printf %(...)T: 4.2"),
    (r"printf -v \"?\w+\[", "printf -v a[i]: 4.1"),
    (r"\[\[? (! )?-v ", "-v: 4.2"),
    (r"shopt .*(globstar|lastpipe|inherit_errexit|localvar)", "4.0 or later"),
    (r"\$'[^']*\\u", "$'\\u': 4.2"),
]


def code_of(line):
    """The line without a comment."""
    return re.sub(r"(^|\s)#.*", "", line)


def case_in_substitution(lines):
    """3.2 takes the `)` of a pattern for the end of `$(`."""
    opened = False
    for number, line in enumerate(lines, 1):
        if re.search(r"\$\([^)]*\bcase\b", line) or \
                opened and re.search(r"\bcase\b", line):
            yield number, "case within $( ): 4.0"
        if re.search(r"\$\(\{?\s*$", line):
            opened = True
        elif re.match(r"\s*\}?\)", line) or re.search(r"\)\"?$", line):
            opened = False


def empty_arrays(lines, full):
    """Under set -u an empty array is an unbound variable until 4.4. A comment
    `never empty: NAME...` is believed."""
    text = "\n".join(lines)
    for number, line in enumerate(lines, 1):
        for guard, name in re.findall(r"(\+\"?)?\$\{(\w+)\[[@*]\]\}", line):
            if not guard and name not in full and \
                    re.search(r"\b%s=\(\)" % name, text):
                yield number, "an empty array under set -u: 4.4"


def read_timeouts(lines):
    """A variable may be a fraction, unless the script looks at the version."""
    if any("BASH_VERSION" in line for line in lines):
        return
    for number, line in enumerate(lines, 1):
        if re.search(r"\bread\b[^|;&]*\s-\w*t\s*\"?\$", line):
            yield number, "read -t of a fraction: 4.0"


def faults(path):
    with open(path, encoding="utf-8") as script:
        text = script.read()
    lines = [code_of(line) for line in text.split("\n")]
    full = " ".join(re.findall(r"^# never empty: (.*)$", text, re.M)).split()
    for number, line in enumerate(lines, 1):
        for pattern, since in LATER:
            if re.search(pattern, line):
                yield number, since
    yield from case_in_substitution(lines)
    yield from empty_arrays(lines, full)
    yield from read_timeouts(lines)


def read_by(bash, path):
    done = subprocess.run([bash, "-n", path], capture_output=True, text=True)
    return done.stderr


def versions():
    with open("scripts/bash-versions", encoding="utf-8") as table:
        return [line.split() for line in table
                if line.strip() and not line.startswith("#")]


def scripts():
    for folder, _, names in sorted(os.walk("scripts")):
        for path in (os.path.join(folder, name) for name in sorted(names)):
            with open(path, "rb") as script:
                head = script.read(400)
            if head.startswith(b"#!") or b"# shellcheck shell=bash" in head:
                yield path


def main():
    bad = 0
    table = versions()
    paths = sys.argv[1:] or list(scripts())
    for path in paths:
        floor = [v for v, pattern in table if fnmatch.fnmatch(path, pattern)]
        if sys.argv[1:]:
            floor = ["3.2"]
        if len(floor) != 1:
            print(f"{path}: {len(floor)} lines of scripts/bash-versions name it")
            bad += 1
        if "3.2" not in floor:
            continue
        for number, since in faults(path):
            print(f"{path}:{number}: bash 3.2 has not {since}")
            bad += 1
        said = read_by(os.environ["BASH32"], path) if "BASH32" in os.environ else ""
        if said:
            print(said)
            bad += 1
    return bad > 0 or not paths


if __name__ == "__main__":
    sys.exit(main())
