"""What the commands say: lines for people, or one line of JSON. `main` reports mistakes, tqdm draws the bars."""

from __future__ import annotations

import argparse
import json
import math
import sys
from typing import Any

from tqdm import tqdm


def say(options: argparse.Namespace, line: str) -> None:
    """A line on the way, for people only."""
    if not options.json:
        print(line, flush=True)


def say_beside_bar(line: str) -> None:
    """The same while a progress bar is drawn, which stays whole."""
    tqdm.write(line)
    sys.stdout.flush()


def report(options: argparse.Namespace, facts: dict[str, Any], text: str) -> None:
    """The result of a command: `facts` as JSON where that is asked for, else `text`."""
    print(json.dumps(finite(facts), allow_nan=False) if options.json else text)


def warn(line: str) -> None:
    """Something that went wrong without ending the command; a progress bar is not torn."""
    tqdm.write(" ".join(line.split()), file=sys.stderr)


def listed(facts: dict[str, Any], before: str = "") -> str:
    """Names and values in one line; nothing where there are none."""
    words = ", ".join(f"{key.replace('_', ' ')} {value:g}" for key, value in facts.items())
    return before + words if words else ""


def finite(value: Any) -> Any:
    """The same without infinity and NaN, which JSON does not know: null stands for them."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
