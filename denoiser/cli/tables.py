"""Tables of results in Markdown, and their place in a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from denoiser.atomic import write_atomically
from denoiser.inference import BATCH


def results_table(facts: Mapping[str, Any]) -> str:
    """The result of `python -m denoiser evaluate --json` as Markdown: MSE with PSNR, and what the reader reads.

    A row may do without interval, readings and milliseconds; a dash stands for them.
    """
    kinds = list(dict.fromkeys(row["kind"] for row in facts["rows"]))
    parts = [_kind_table(kind, [row for row in facts["rows"] if row["kind"] == kind]) for kind in kinds]
    reader = facts.get("reader")
    known = f" The reader reads {reader['accuracy']:.2%} of the clean digits." if reader else ""
    note = (
        f"{facts['digits']:,} digits ({facts['data']}, {facts['split']}), noise seed {facts['seed']}, outputs "
        f"clipped to [0, 1]; MSE (lower is better) with PSNR in dB in brackets; U(0, 1) averages over evenly "
        f"spread amounts, ± its 95 % interval. Milliseconds per picture in batches of at most {BATCH} on "
        f"{facts['hardware']}, torch {facts['torch']}.{known}"
    )
    return "\n\n".join([*parts, note])


def _kind_table(kind: str, rows: list[Mapping[str, Any]]) -> str:
    rows = [row for row in rows if "error" not in row]
    amounts = [key for key in rows[0]["mse"] if key != "uniform"]
    heads = [f"{kind} noise", "weights", "U(0, 1)", *amounts]
    heads += [f"read at {key}" for key in rows[0]["read"] if key != "uniform"] + ["ms"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in rows:
        interval = f" ± {row['interval']:.5f}" if "interval" in row else ""
        uniform = f"{row['mse']['uniform']:.5f}{interval} ({row['psnr']['uniform']:.1f} dB)"
        cells = [_named(row), _weights(row), uniform]
        cells += [f"{row['mse'][key]:.4f} ({row['psnr'][key]:.1f})" for key in amounts]
        read = row.get("read", {})
        cells += [f"{read[key]:.1%}" if read else "–" for key in rows[0]["read"] if key != "uniform"]
        cells.append(f"{row['milliseconds']:.2f}" if row.get("model") and "milliseconds" in row else "–")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def compact_table(facts: Mapping[str, Any]) -> str:
    """The same as one small table: PSNR at every amount of the first kind, and over all amounts of every other.

    The best of each column is bold. A row that failed, or is not there, has dashes.
    """
    kinds = list(dict.fromkeys(row["kind"] for row in facts["rows"]))
    found = {(row["name"], row["kind"]): row for row in facts["rows"]}
    amounts = [key for key in facts["rows"][0]["mse"] if key != "uniform"]
    columns = [(kinds[0], key) for key in (*amounts, "uniform")] + [(kind, "uniform") for kind in kinds[1:]]
    names = list(dict.fromkeys(row["name"] for row in facts["rows"]))
    scores = [[found.get((name, kind), {}).get("psnr", {}).get(key) for name in names] for kind, key in columns]
    best = [max(score for score in column if score is not None) for column in scores]
    heads = ["PSNR, dB", "weights", *(f"{kind} {'U(0, 1)' if key == 'uniform' else key}" for kind, key in columns)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for place, name in enumerate(names):
        row = next(row for row in facts["rows"] if row["name"] == name)
        each = [_decibels(column[place], top) for column, top in zip(scores, best, strict=True)]
        lines.append("| " + " | ".join([_named(row), _weights(row), *each]) + " |")
    note = (
        f"{facts['digits']:,} digits ({facts['data']}, {facts['split']}), noise seed {facts['seed']}, outputs clipped "
        f"to [0, 1]; PSNR of the mean squared error, higher is better; U(0, 1) averages over evenly spread amounts. "
        f"Measured on {facts['hardware']}, torch {facts['torch']}."
    )
    return "\n".join([*lines, "", note])


def _decibels(score: float | None, best: float) -> str:
    if score is None:
        return "–"
    return f"**{score:.2f}**" if score == best else f"{score:.2f}"


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['name']}, {row['digits']:,} digits" if "digits" in row else str(row["name"])


def _weights(row: Mapping[str, Any]) -> str:
    return f"{row['parameters']:,}" if row["parameters"] else "–"


def results_csv(facts: Mapping[str, Any]) -> str:
    """The same rows as comma-separated values, a line for each amount; what there is not is empty.

    Every score is followed by the low and the high end of its 95 % bootstrap interval.
    """
    scores = ("mse", "psnr", "ssim", "read")
    heads = ["name", "model", "parameters", "kind", "amount", "digits", "seed"]
    heads += [f"{score}{end}" for score in scores for end in ("", "_low", "_high")] + ["milliseconds", "error"]
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(heads)
    for row in facts["rows"]:
        known = [row["name"], row["model"], row["parameters"], row["kind"]]
        digits = [row.get("digits", facts["digits"]), facts["seed"]]
        if "error" in row:
            writer.writerow([*known, "", *digits, *[""] * 3 * len(scores), "", row["error"]])
        for amount in row.get("mse", ()):
            cells: list[object] = []
            for score in scores:
                cells += [row[score].get(amount, ""), *row["intervals"].get(score, {}).get(amount, ("", ""))]
            writer.writerow([*known, amount, *digits, *cells, row["milliseconds"], ""])
    return lines.getvalue()


def readers_table(facts: Mapping[str, Any]) -> str:
    """The same of classifiers, as `compare_readers` scores them: the share of digits that each reads rightly."""
    heads = ["reads", "weights", "all digits", *map(str, range(10)), "ms"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in facts["rows"]:
        cells = [row["name"], f"{row['parameters']:,}", f"{row['accuracy']:.2%} ± {row['interval']:.2%}"]
        cells += ["–" if share is None else f"{share:.1%}" for share in row["digits"]]
        lines.append("| " + " | ".join([*cells, f"{row['milliseconds']:.2f}"]) + " |")
    note = (
        f"{facts['digits']:,} clean digits ({facts['data']}, {facts['split']}), ± the 95 % interval. Milliseconds per "
        f"picture in batches of at most {BATCH} on {facts['hardware']}, torch {facts['torch']}."
    )
    return "\n".join(lines) + "\n\n" + note


def renew(path: str | Path, name: str, table: str) -> None:
    """Put a table between the lines `<!-- name:start -->` and `<!-- name:end -->` of a Markdown file, atomically.

    Raises:
        ValueError: the file has no such lines.
        OSError: no such file, or it cannot be written.
    """
    before, after = check_place(path, name)
    write_atomically(path, f"{before}\n{table}\n{after}".encode())


def check_place(path: str | Path, name: str) -> tuple[str, str]:
    """What stands before and after the place of a table, its marks included; errors as for `renew`."""
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, found, rest = Path(path).read_text(encoding="utf-8").partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{path}: no place for the table; add the lines {start} and {end}")
    return before + start, end + after
