"""A network's graph as a picture in SVG: its stages along the U, what they pass on, and what skips the deeper ones.

Time runs from left to right, and the deeper a stage lies, the coarser is what it sees. Colours are plain attributes, so
that a file looks the same everywhere; a page that holds the picture sets its own by the classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from torch import nn

from denoiser.models import parameter_count
from denoiser.models.flow import Flow, Stage

WIDTH, HEIGHT = 112, 78  # of a box
ACROSS, DOWN = 18, 26  # between two
MARGIN, FOOT = 16, 44
RISE = 34  # of a skip connection's arc
FONT = "system-ui, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', sans-serif"
PAPER, INK, QUIET, LINE, ACCENT = "#ffffff", "#26221e", "#6d665e", "#b9b2a8", "#c03a12"


@dataclass(frozen=True)
class Words:
    """What is said in the picture; blanks in braces are filled in."""

    title: str = "{name}, {stages} stages, {weights} weights"
    skips: str = "Skip connections: {skips}."
    from_to: str = "from {source} to {target}"
    between: str = ", "  # two of those
    told: str = "What it can be told of the noise is left out."
    skip: str = "skip connection"
    box: str = "{name}: {type}, makes {shape}, {weights} weights"
    shapes: str = "In a box: name, step, channels × height × width of what it makes, weights."
    bars: str = "The bar is its share of all weights."


@dataclass(frozen=True)
class Place:
    """Where the box of a stage lies: its upper left corner."""

    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + WIDTH // 2, self.y + HEIGHT // 2


ENGLISH = Words()


def graph_svg(model: nn.Module, name: str, words: Words = ENGLISH) -> str:
    """The picture of a network, a whole SVG file; `name` stands in its title.

    Each stage is a group of class `stage` with the stage's name as `data-name`; each skip connection a path of class
    `skip` with `data-from` and `data-to`.
    """
    flow = Flow(model)
    places = laid_out(flow.stages)
    width = max(place.x for place in places) + WIDTH + MARGIN
    height = max(place.y for place in places) + HEIGHT + MARGIN + FOOT
    weights = parameter_count(model)
    title = words.title.format(name=name, stages=len(flow.stages), weights=f"{weights:,}")
    at = {stage.name: place for stage, place in zip(flow.stages, places, strict=True)}
    ways = [(at[each.inputs[0]], at[each.name]) for each in flow.stages if each.inputs]
    parts = [
        *(_line("way", _way(*ends), QUIET) for ends in ways),
        *(_skip(source, target, at, words) for source, target in flow.skips),
        *(_box(stage, at[stage.name], weights, words) for stage in flow.stages),
        _foot(height, words),
    ]
    told = [words.told] if getattr(model, "told", None) is not None else []
    return _file(width, height, title, " ".join([*_skips_told(flow, words), *told]), parts)


def laid_out(stages: Sequence[Stage]) -> list[Place]:
    """A place for each stage: a row for each resolution, and on the way down or up those of one above each other."""
    runs = [list(run) for _, run in groupby(stages, lambda stage: _depth(stage.shape))]
    depths = [_depth(run[0].shape) for run in runs]
    stacked = [_is_passed(depths, number) for number in range(len(runs))]
    rows = dict.fromkeys(sorted(depths), 1)  # so many in its band
    for run, depth, stack in zip(runs, depths, stacked, strict=True):
        rows[depth] = max(rows[depth], len(run) if stack else 1)
    lowest = {depth: sum(rows[each] for each in rows if each <= depth) - 1 for depth in rows}
    cells: list[tuple[int, int]] = []  # column and row
    column = 0
    for number, run in enumerate(runs):
        low = lowest[depths[number]]
        if stacked[number]:
            falls = depths[number] > depths[number - 1]
            cells += [(column, low - (len(run) - 1 - place if falls else place)) for place in range(len(run))]
        else:
            cells += [(column + place, low) for place in range(len(run))]
        column = cells[-1][0] + 1
    return [Place(MARGIN + x * (WIDTH + ACROSS), MARGIN + RISE // 2 + y * (HEIGHT + DOWN)) for x, y in cells]


def _is_passed(depths: Sequence[tuple[int, ...]], number: int) -> bool:
    """Whether the way leads on down, or on up, here: neither an end nor a turn."""
    if not 0 < number < len(depths) - 1:
        return False
    before, here, after = depths[number - 1 : number + 2]
    return before < here < after or before > here > after


def _depth(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Sorts from fine to coarse: pictures by their side, then what has no positions by how many numbers it is."""
    return (0, -shape[-1]) if len(shape) == 3 else (1, -shape[0])


def _way(start: Place, end: Place) -> str:
    """From a box to the next: straight along a row or a column, else round one corner."""
    (x, y), (to_x, to_y) = start.middle, end.middle
    if x == to_x:
        down = 1 if to_y > y else -1
        return f"M{x} {y + down * HEIGHT // 2}V{to_y - down * (HEIGHT // 2 + 5)}"
    if to_y > y:  # leaves the side free for what skips
        return f"M{x} {start.y + HEIGHT}V{to_y - 8}Q{x} {to_y} {x + 8} {to_y}H{end.x - 5}"
    if to_y < y:
        return f"M{start.x + WIDTH} {y}H{to_x - 8}Q{to_x} {y} {to_x} {y - 8}V{end.y + HEIGHT + 5}"
    return f"M{start.x + WIDTH} {y}H{end.x - 5}"


def _skip(source: str, target: str, at: dict[str, Place], words: Words) -> str:
    """An arc from side to side, named at its middle."""
    (x, y), (to_x, to_y) = at[source].middle, at[target].middle
    x, to_x = x + WIDTH // 2, to_x - WIDTH // 2 - 5
    reach = min(60, (to_x - x) // 3)
    curve = f"M{x} {y}C{x + reach} {y - RISE} {to_x - reach} {to_y - RISE} {to_x} {to_y}"
    ends = f"data-from={quoteattr(source)} data-to={quoteattr(target)}"
    halo = f'text-anchor="middle" stroke="{PAPER}" stroke-width="6" paint-order="stroke"'
    middle = (x + to_x) / 2, (y + to_y) / 2 - 0.75 * RISE + 4  # of a cubic Bézier curve: 3/4 of what its handles rise
    return _line("skip", curve, ACCENT, f'stroke-dasharray="5 4" {ends}') + _text(
        "skip-name", *middle, words.skip, ACCENT, 12, halo
    )


def _box(stage: Stage, place: Place, weights: int, words: Words) -> str:
    (x, _), count = place.middle, f"{stage.parameters:,}"
    shape = "×".join(map(str, stage.shape))
    told = words.box.format(name=stage.name, type=stage.type, shape=shape, weights=count)
    lines = [
        _text("name", x, place.y + 19, stage.name, INK, 13, 'font-weight="600" text-anchor="middle"'),
        _text("type", x, place.y + 36, stage.type, INK, 12, 'text-anchor="middle"'),
        _text("shape", x, place.y + 52, shape, QUIET, 12, 'text-anchor="middle"'),
    ]
    if stage.parameters:
        lines.append(_text("weights", x, place.y + 68, count, QUIET, 12, 'text-anchor="middle"'))
        share = f'width="{max(1, (WIDTH - 12) * stage.parameters / weights):.1f}" height="3"'
        lines.append(f'<rect class="share" x="{place.x + 6}" y="{place.y + HEIGHT - 5}" {share} fill="{ACCENT}"/>')
    size = f'width="{WIDTH}" height="{HEIGHT}" rx="7" fill="{PAPER}" stroke="{LINE}"'
    box = f'<rect class="box" x="{place.x}" y="{place.y}" {size}/>'
    return f'<g class="stage" data-name={quoteattr(stage.name)}><title>{escape(told)}</title>{box}{"".join(lines)}</g>'


def _foot(height: int, words: Words) -> str:
    lines = zip((24, 8), (words.shapes, words.bars), strict=True)
    return "".join(_text("foot", MARGIN, height - up, line, QUIET, 12) for up, line in lines)


def _line(role: str, curve: str, colour: str, more: str = "") -> str:
    ink = f'fill="none" stroke="{colour}" stroke-width="1.5" {more}'.strip()
    return f'<path class="{role}" d="{curve}" {ink} marker-end="url(#network-{role}-end)"/>'


def _text(role: str, x: float, y: float, words: str, colour: str, size: int, more: str = "") -> str:
    more = f" {more}" if more else ""
    return f'<text class="{role}" x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size}"{more}>{escape(words)}</text>'


def _skips_told(flow: Flow, words: Words) -> list[str]:
    pairs = [words.from_to.format(source=source, target=target) for source, target in flow.skips]
    return [words.skips.format(skips=words.between.join(pairs))] if pairs else []


def _file(width: int, height: int, title: str, told: str, parts: Sequence[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    label = quoteattr(" – ".join([title, told] if told else [title]))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={label} font-family="{FONT}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(told)}</desc>" if told else "",
        f"<defs>{_arrowhead('way', QUIET)}{_arrowhead('skip', ACCENT)}</defs>",
        f'<rect class="paper" width="100%" height="100%" fill="{PAPER}"/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _arrowhead(role: str, colour: str) -> str:
    size = 'viewBox="0 0 8 8" refX="3" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse"'
    head = f'<path class="{role}-end" d="M0 0L8 4L0 8z" fill="{colour}"/>'
    return f'<marker id="network-{role}-end" {size} orient="auto">{head}</marker>'
