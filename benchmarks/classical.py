"""How strongly each classical method filters: tuned on validation digits, for every kind and amount of noise.

Run as `python -m benchmarks.classical`, or for some methods only; it writes `denoiser/strengths.json`, from which
`denoiser.classical` takes them. The lowest mean squared error wins, first among the strengths that a method lists, then
between that one and its neighbours.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from scipy.optimize import minimize_scalar
from tqdm import tqdm

from denoiser import KINDS, Digits, corrupt, load_digits
from denoiser.atomic import write_atomically
from denoiser.classical import METHODS, STRENGTHS, Classical
from denoiser.metrics import mse

AMOUNTS = (0.05, 0.15, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97)
DIGITS = {"bm3d": 16}  # which takes 0.4 s a picture
FINER = 6  # tries between the neighbours of the best, where there is time and a strength need not be a whole number
PLAIN = ("bm3d", "median_filter")
SPLIT = "validation"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("methods", nargs="*", default=list(METHODS), help="which to tune (default: all)")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--digits", type=int, default=200, help="to tune on; BM3D takes 16")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.methods:
        digits = load_digits(options.data, SPLIT, limit=min(options.digits, DIGITS.get(name, options.digits)))
        with tqdm(total=len(KINDS) * len(AMOUNTS), desc=name) as bar:
            tuned = {kind: list(tune(name, digits, kind, bar.update)) for kind in KINDS}
        keep(name, tuned, {"amounts": list(AMOUNTS), "data": options.data, "split": SPLIT}, len(digits))


def keep(name: str, tuned: dict[str, list[float]], facts: dict[str, Any], digits: int) -> None:
    """Write the strengths of a method beside those of the others, if these were tuned at the same amounts and alike."""
    known: dict[str, Any] = json.loads(STRENGTHS.read_text("utf-8")) if STRENGTHS.is_file() else {}
    if any(known.get(key) != value for key, value in facts.items()):
        known = {"digits": {}, "strengths": {}}
    facts = {**facts, "digits": known["digits"] | {name: digits}, "strengths": known["strengths"] | {name: tuned}}
    a_list_a_line = re.sub(r"\s+(?=[-\d.\]])", " ", json.dumps(facts, indent=1))
    write_atomically(STRENGTHS, f"{a_list_a_line}\n".encode())


def tune(name: str, digits: Digits, kind: str, tick: Callable[[], object]) -> Iterator[float]:
    """The best strength of a method at each of `AMOUNTS`."""
    grid, method = METHODS[name].strengths, Classical(name)
    for number, amount in enumerate(AMOUNTS):
        noisy = corrupt(digits.images, amount, kind, generator=torch.Generator().manual_seed(number))
        error = partial(_error, method, digits, noisy, kind, amount)
        errors = [error(strength) for strength in grid]
        best = errors.index(min(errors))
        found = (errors[best], grid[best])
        if name not in PLAIN:
            between = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
            finer = minimize_scalar(error, bounds=between, method="bounded", options={"maxiter": FINER})
            found = min(found, (float(finer.fun), float(finer.x)))
        tick()
        yield float(f"{found[1]:.3g}")


def _error(method: Classical, digits: Digits, noisy: torch.Tensor, kind: str, amount: float, strength: float) -> float:
    return float(mse(method(noisy, kind, amount, strength), digits.images).mean())


if __name__ == "__main__":
    main()
