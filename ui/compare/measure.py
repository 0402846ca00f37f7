"""The Measure view of the Compare tab: the command line's own table, as it fills."""

from __future__ import annotations

from typing import Any

from denoiser.cli.console import finite
from denoiser.cli.tables import results_csv
from denoiser.data.own import OWN_SOURCE
from denoiser.models import can_be_told
from serving.live import LiveDenoiser
from serving.measure import AMOUNTS, COUNTS, CellWish, Measuring
from ui.shared.handlers import Handler, answering, fields_of


def measure_value(live: LiveDenoiser) -> dict[str, Any]:
    """What its script has to know."""
    told = [info.name for info in live.models if can_be_told(info.config)]
    return {"amounts": list(AMOUNTS), "counts": list(COUNTS), "told": told, "own": OWN_SOURCE}


def measuring(table: Measuring) -> Handler:
    """A cell of the table, or how far it is; everything is checked first."""

    @answering
    def measure_cell(payload: object) -> dict[str, Any]:
        wish = CellWish(**fields_of(payload, {"name", "told", "kind", "amount", "digits"}))
        cell = table.cell(wish)
        csv = results_csv(cell.facts) if cell.facts else None
        return {"done": cell.done, "of": cell.of, "facts": finite(cell.facts), "csv": csv}

    return measure_cell
