"""Ways in which people write the ten digits, as paths of a pen: the alphabet of the project's own hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SAMPLES = 4  # points of the drawn line per stretch between two control points


@dataclass(frozen=True)
class Glyph:
    """One way of writing a digit.

    Attributes:
        name: what sets it apart.
        weight: how common it is among the ways of writing this digit.
        strokes: control points ``x,y`` in hundredths of the digit's box, x to the right, y down. The pen
            passes through all of them in a smooth curve, turns a corner at one marked ``!``, and is lifted
            at ``/``.
    """

    name: str
    weight: float
    strokes: str


GLYPHS: dict[int, tuple[Glyph, ...]] = {
    0: (
        Glyph("oval", 3, "52,4 22,18 10,50 22,84 50,97 80,82 90,48 78,15 52,4"),
        Glyph("narrow", 2, "50,3 33,20 28,52 34,84 50,97 66,82 72,50 67,18 50,3"),
        Glyph("overlapping", 2, "74,16 48,4 20,24 11,58 30,92 60,94 86,66 86,30 62,7 40,10"),
        Glyph("unclosed", 1, "42,8 17,34 14,70 42,96 74,84 88,48 74,14 56,10"),
        Glyph("clockwise", 1, "42,5 74,12 90,45 80,84 50,97 20,82 10,46 24,14 44,3"),
        Glyph("from the right", 1, "82,26 60,5 26,12 9,46 20,84 50,97 82,76 90,44 76,18"),
        Glyph("entry inside", 1, "58,24 50,6 22,16 9,54 25,90 56,96 86,74 89,36 68,9 46,7"),
        Glyph("leaning egg", 1, "66,4 34,18 12,56 18,90 44,95 74,70 88,30 78,6 62,8"),
        Glyph("crossed ends", 1, "40,3 18,30 12,66 34,95 66,90 88,58 82,24 58,8 34,16"),
        Glyph("tail inside", 1, "70,20 48,4 22,18 10,52 24,88 54,97 84,76 90,44 74,16 56,12 48,26"),
        Glyph("round with a hook", 1, "44,16 58,6 80,14 91,44 82,80 52,97 20,86 9,50 22,16 48,6 62,14"),
        Glyph("wide gap", 0.5, "34,10 14,36 12,70 38,96 72,88 88,54 80,22 66,10"),
    ),
    1: (
        Glyph("plain", 6, "50,3 50,50 50,97"),
        Glyph("slanted", 3, "64,3 50,50 36,97"),
        Glyph("bent", 1, "54,3 46,48 50,97"),
        Glyph("flag", 2, "28,26 44,15 55,4! 55,50 54,97"),
        Glyph("short flag", 2, "43,14 54,4! 52,50 50,97"),
        Glyph("flag and base", 1, "27,24 44,14 54,4! 53,50 53,95 / 24,96 52,95 82,96"),
        Glyph("base", 0.3, "50,4 50,50 50,95 / 28,96 50,96 74,96"),
        Glyph("hook and base", 0.7, "22,30 40,20 54,4! 54,50 54,94 / 14,96 50,94 92,92"),
        Glyph("curled foot", 0.3, "46,4 47,50 48,84 54,95 64,92"),
        Glyph("long flag", 1.5, "14,46 38,24 56,4! 54,50 52,97"),
        Glyph("long flag and base", 0.5, "20,34 42,22 60,4! 54,50 48,94 / 10,95 48,94 88,92"),
    ),
    2: (
        Glyph("straight base", 3, "14,28 25,9 52,3 78,17 78,40 52,68 14,95! 50,94 90,94"),
        Glyph("loop at the base", 3, "15,25 30,7 60,5 78,24 68,50 40,80 18,93 10,83 24,74 46,85 70,95 92,87"),
        Glyph("open loop", 2, "16,22 36,5 64,8 76,28 62,56 36,84 14,94 10,80 30,76 60,88 90,95"),
        Glyph("zigzag", 1, "16,14 44,8 76,10! 48,50 18,92! 50,91 86,90"),
        Glyph("wave at the base", 2, "12,30 28,9 58,4 78,20 72,46 44,74 15,93! 38,85 65,93 93,84"),
        Glyph("hook at the start", 1, "27,32 17,20 34,6 64,6 80,25 66,53 12,95! 50,93 90,93"),
        Glyph("wide", 1, "8,38 20,15 46,4 68,18 64,46 38,76 8,94! 50,92 96,96"),
        Glyph("round neck", 1, "18,20 44,3 74,14 76,40 50,60 24,78 16,95! 52,95 86,92"),
        Glyph("long base", 1, "22,22 40,6 62,12 64,36 46,66 14,92! 55,90 98,88"),
        Glyph("rising base", 1, "20,20 42,5 68,12 70,38 44,74 14,97! 52,88 92,76"),
        Glyph("big base loop", 2, "15,25 30,6 62,5 80,26 70,54 46,80 20,95 6,86 16,70 40,72 64,88 94,90"),
        Glyph("low loop", 1.5, "20,18 44,4 72,12 74,40 54,72 28,95 12,86 24,72 50,78 74,88 97,80"),
        Glyph("small top, long base", 1, "20,24 32,8 54,6 64,22 54,46 30,74 10,92! 50,86 99,80"),
        Glyph("upright loop", 1, "16,28 28,6 60,4 72,24 66,56 46,86 26,96 14,84 26,70 50,80 66,96 84,97"),
        Glyph("short base", 1, "18,22 36,4 66,8 76,30 60,58 34,90! 56,88 76,94"),
        Glyph("large loop", 2, "18,22 36,4 66,8 76,34 62,74 38,96 12,92 8,74 26,62 50,70 72,84 96,88"),
        Glyph("rising tail", 1.5, "22,28 40,6 64,12 64,42 42,82 16,95 8,80 26,68 58,72 98,60"),
        Glyph("curl and loop", 1, "36,34 20,24 34,5 68,6 80,32 64,72 36,96 14,86 28,68 58,78 86,96"),
        Glyph("hung loop", 1, "14,24 34,4 64,10 72,40 66,76 44,97 24,88 34,70 60,76 88,84"),
        Glyph("narrow", 1, "30,20 46,5 60,18 54,58 32,94! 52,89 72,92"),
        Glyph("small, with a long tail", 0.7, "28,36 40,18 56,20 58,40 34,62 8,74! 50,60 98,46"),
        Glyph("narrow with a loop", 0.7, "30,22 50,4 64,20 60,60 42,95 28,90 36,74 56,84 76,92"),
    ),
    3: (
        Glyph("two bows", 3, "15,15 45,3 78,15 74,36 42,48! 80,60 84,82 50,97 12,86"),
        Glyph("flat top", 2, "14,6 48,5 82,5! 60,26 42,42! 78,54 86,76 58,97 15,88"),
        Glyph("loop in the middle", 2, "16,18 42,3 74,14 70,36 48,50 36,48 46,43 78,58 82,84 48,97 10,84"),
        Glyph("smooth waist", 2, "18,12 46,3 76,14 72,34 50,46 74,58 84,78 58,96 14,90"),
        Glyph("pointed waist", 1, "18,10 58,4 80,22 60,38 36,46! 66,54 82,70 68,92 35,97 10,87"),
        Glyph("small top", 1, "28,12 48,3 66,14 60,30 40,38! 76,48 86,72 62,96 14,92"),
        Glyph("big top", 1, "12,20 44,3 82,18 78,44 44,57! 72,64 74,84 46,97 16,88"),
        Glyph("flat bows", 1, "16,6 62,4 78,20 64,40 34,46! 70,52 80,72 66,93 16,95"),
        Glyph("curled ends", 1, "22,26 16,14 44,3 74,15 70,38 42,47! 78,58 80,84 48,97 18,88 16,76"),
        Glyph("narrow", 1, "26,10 56,3 72,14 62,36 46,46! 68,60 66,84 48,97 28,92"),
        Glyph("straight parts", 1, "20,8 50,5 76,8! 62,28 44,46! 66,56 72,72 56,90 24,97"),
        Glyph("leaning waist", 1, "14,14 48,3 80,10 72,30 44,50! 74,52 80,74 52,94 6,92"),
        Glyph("thrown", 1, "30,8 62,3 74,16 48,44! 68,52 62,80 34,96 8,86"),
    ),
    4: (
        Glyph("open", 3, "24,5 20,28 15,52! 50,52 84,49 / 74,6 71,50 68,97"),
        Glyph("open, round", 2, "22,6 14,38 28,54 58,52 84,44 / 78,6 70,50 62,97"),
        Glyph("open, one stroke", 2, "22,6 14,40 32,56 62,46 78,8! 72,50 66,97"),
        Glyph("open, square", 1, "25,10 22,30 20,50! 48,50 78,48 / 80,5 77,50 74,97"),
        Glyph("closed", 1, "62,4 36,36 10,66! 50,66 92,65 / 64,5 63,50 62,97"),
        Glyph("closed, one stroke", 1, "62,97 63,50 64,4! 38,36 10,67! 50,67 94,66"),
        Glyph("closed, small", 1, "66,4 40,28 22,50! 52,52 84,50 / 68,5 62,50 58,97"),
        Glyph("long bar", 1, "28,8 20,30 10,56! 55,54 98,50 / 66,22 62,58 60,97"),
        Glyph("low leg", 1, "32,4 22,26 12,46! 46,50 88,44 / 70,20 64,60 56,97"),
        Glyph("shallow cup", 1, "16,12 18,32 26,46 48,48 78,38 / 86,4 72,48 60,97"),
        Glyph("closed at the top", 0.3, "76,6 44,8 22,34 24,52 52,52 84,48 / 78,6 72,50 68,97"),
        Glyph("tall leg", 1, "34,28 24,46 14,62! 44,64 86,60 / 70,3 64,50 60,97"),
        Glyph("cup and crossing leg", 1, "20,10 14,40 22,56 50,54 90,40 / 80,3 66,48 48,97"),
    ),
    5: (
        Glyph("one stroke", 3, "82,6 56,6 28,7! 26,26 24,44! 55,38 82,58 76,86 45,97 12,86"),
        Glyph("hat apart", 3, "28,8 26,26 24,44! 55,37 84,56 78,86 45,97 12,88 / 28,8 56,7 86,5"),
        Glyph("curved", 2, "84,7 50,5 27,18 34,40 68,54 76,80 48,97 12,86"),
        Glyph("narrow", 1, "75,4 55,6 36,8! 32,26 28,42! 58,44 72,68 54,94 14,92"),
        Glyph("hat floating", 1, "26,16 23,32 22,46! 52,42 76,62 66,90 38,97 10,88 / 32,10 60,8 92,3"),
        Glyph("long hat", 1, "97,4 66,7 38,10! 34,26 30,42! 56,44 66,64 50,88 10,95"),
        Glyph("small bowl", 1, "84,4 60,5 36,8! 30,30 24,54! 54,50 72,68 60,92 28,97 8,86"),
        Glyph("big bowl", 1, "76,5 54,5 30,7! 28,18 24,32! 62,30 88,58 72,92 34,96 10,78"),
        Glyph("leaning back", 1, "92,8 70,6 50,8! 40,26 30,44! 58,44 70,64 50,90 8,90"),
        Glyph("curled end", 1, "80,7 54,7 30,8! 27,26 25,44! 58,40 80,60 72,88 42,96 18,84 24,72"),
        Glyph("nearly closed bowl", 1, "80,5 54,8 30,12! 26,30 24,46! 54,36 82,54 80,84 50,97 20,86"),
        Glyph("shallow", 1, "88,10 60,8 34,14! 26,30 20,42! 50,44 70,60 52,84 14,92"),
        Glyph("rounded back", 1, "78,6 46,10 26,28 34,46 60,52 72,70 56,92 18,96"),
    ),
    6: (
        Glyph("round", 3, "70,4 38,24 17,58 23,88 52,97 78,82 74,60 48,54 22,72"),
        Glyph("straight back", 2, "56,3 34,38 18,72 35,96 66,94 80,76 64,60 38,64 21,80"),
        Glyph("big loop", 2, "62,4 26,30 12,64 28,94 65,96 86,70 68,46 36,50 16,68"),
        Glyph("small loop", 1, "66,3 34,26 18,62 28,93 56,96 72,80 58,66 38,72 27,86"),
        Glyph("curled top", 1, "82,13 62,4 34,22 18,58 28,91 58,96 76,78 60,60 36,66 22,80"),
        Glyph("tall", 1, "55,3 36,35 28,68 40,94 62,93 71,76 58,64 40,70 30,84"),
        Glyph("unclosed", 1, "66,4 36,26 16,62 30,92 62,96 84,76 72,56 50,58"),
        Glyph("spiral", 1, "74,6 36,16 12,52 20,88 54,97 80,78 70,56 44,58 36,76 50,84"),
        Glyph("lying", 1, "84,6 52,20 24,48 14,78 34,95 66,90 78,72 58,62 34,74"),
        Glyph("upright", 1, "30,3 24,36 20,70 36,96 66,93 78,74 62,58 36,62 21,76"),
        Glyph("short stem", 1.5, "42,10 20,32 10,62 26,92 64,96 90,74 76,48 44,52 20,76"),
        Glyph("crossing loop", 1.5, "60,3 34,30 16,66 34,96 70,92 84,70 62,54 32,64 4,82"),
        Glyph("wide loop", 1, "48,4 22,32 10,68 30,95 72,94 96,72 80,52 48,58 18,80"),
        Glyph("small gap", 1, "50,3 26,32 16,70 38,97 72,90 82,66 64,52 44,58"),
        Glyph("loop across the stem", 1.5, "62,3 40,36 28,74 42,95 70,90 84,66 66,54 38,66 6,80"),
        Glyph("slanted stem", 1, "76,4 44,34 20,68 24,92 54,94 84,76 88,58 58,58 26,76"),
        Glyph("loop to the right", 1.5, "14,8 10,50 18,88 50,96 84,84 88,58 66,44 44,54 38,82"),
        Glyph("thrown loop", 1, "60,4 34,36 24,70 36,92 66,84 92,62 70,58 40,66 8,76"),
    ),
    7: (
        Glyph("plain", 4, "10,10 48,9 85,8! 58,50 40,97"),
        Glyph("curved", 2, "10,14 48,8 84,10! 60,46 50,97"),
        Glyph("soft corner", 2, "12,12 48,6 80,10 78,28 58,58 45,97"),
        Glyph("crossbar", 3, "10,10 48,9 85,8! 58,50 40,97 / 30,50 52,49 76,47"),
        Glyph("flag", 1.5, "12,26 14,18 15,8! 50,8 86,8! 62,50 48,97"),
        Glyph("steep", 1, "20,12 46,10 74,6! 68,50 62,97"),
        Glyph("wavy top", 1, "8,20 26,8 56,13 84,6! 60,48 44,97"),
        Glyph("long leg", 1, "26,10 50,8 74,6! 48,52 20,97"),
        Glyph("small roof", 1, "22,20 44,10 70,8! 60,50 46,97"),
        Glyph("round roof", 1, "8,30 22,9 58,5 80,18 70,50 58,97"),
        Glyph("crossbar and flag", 1, "12,28 14,18 16,9! 50,9 86,7! 62,50 46,97 / 26,54 52,51 80,48"),
        Glyph("crossbar, curved", 1, "10,18 30,10 58,12 84,6! 58,46 46,97 / 24,50 50,48 78,46"),
        Glyph("foot", 0.4, "14,14 48,10 80,8! 58,50 44,92 / 18,95 46,93 74,92"),
        Glyph("short leg", 1.5, "4,20 46,14 92,10! 76,54 60,92"),
        Glyph("bowed leg", 1, "12,16 46,8 82,12! 80,36 58,64 50,97"),
        Glyph("hook at the start", 1, "18,34 12,16 22,10 54,14 86,8! 64,50 50,97"),
        Glyph("rising roof", 1, "10,26 14,16! 50,14 90,4! 56,48 26,97"),
        Glyph("low crossbar", 1, "12,12 48,10 82,7! 60,50 46,97 / 28,62 54,58 84,52"),
        Glyph("deep flag", 1, "10,10 18,34 48,26 88,12! 58,54 30,95"),
    ),
    8: (
        Glyph("loop of S", 4, "76,16 50,3 25,17 34,38 64,58 78,80 50,97 22,82 36,58 66,38 77,16"),
        Glyph("rings", 1, "50,3 27,13 27,36 50,47 73,36 73,13 50,3 / 50,47 20,66 28,94 72,94 80,66 50,47"),
        Glyph("inside out", 1, "50,48 75,32 72,9 50,3 28,9 25,32 50,48 78,66 76,90 50,97 24,90 22,66 50,48"),
        Glyph("unclosed", 2, "80,10 52,4 27,18 42,42 72,66 68,92 40,97 22,80 40,56 66,32 84,8"),
        Glyph("mirrored", 1, "24,16 50,3 75,17 66,38 36,58 22,80 50,97 78,82 64,58 34,38 23,14"),
        Glyph("slim", 1, "68,12 50,3 34,16 40,38 60,60 68,82 48,97 30,82 40,60 62,36 69,14"),
        Glyph("small top", 1, "68,12 50,3 36,14 42,32 68,54 82,78 50,97 18,80 34,52 60,30 68,12"),
        Glyph("small foot", 1, "80,18 54,3 22,16 32,42 58,62 66,84 48,97 34,84 44,62 74,40 82,20"),
        Glyph("leaning", 1, "88,14 66,4 40,14 42,36 58,58 56,82 34,96 14,86 26,64 62,44 86,22"),
        Glyph("gap at the top", 2, "84,14 56,5 28,20 38,42 66,62 72,84 48,97 26,84 40,58 64,34 72,22"),
        Glyph("S and a stroke", 1, "86,8 52,5 28,20 44,40 70,62 66,88 38,97 22,82 44,54 92,6"),
        Glyph("from the left", 1, "20,8 34,30 60,56 76,82 52,97 28,84 42,56 70,26 64,5 36,4 24,18"),
        Glyph("ring on a ring", 1, "66,8 40,5 28,24 46,42 68,28 64,8 / 48,42 24,66 34,94 66,95 80,70 50,43"),
        Glyph("short top", 1, "78,14 56,6 38,20 46,38 70,60 72,86 46,97 26,80 42,56 60,44 72,30"),
        Glyph("bent S and a stroke", 1, "80,16 62,4 34,14 32,36 62,56 76,78 56,97 30,88 32,70 58,48 84,18"),
    ),
    9: (
        Glyph("straight tail", 3, "78,14 50,3 20,20 24,46 52,52 76,32 80,8! 74,52 68,97"),
        Glyph("round", 2, "76,28 62,5 30,8 18,32 38,50 66,42 78,18 76,58 70,97"),
        Glyph("curved tail", 1.5, "78,18 52,3 22,18 26,44 54,50 76,30 80,14 80,58 64,90 26,95"),
        Glyph("ring and leg", 1, "76,12 48,3 20,20 28,46 54,48 74,28 76,12 / 78,6 74,50 68,97"),
        Glyph("small ring", 1, "72,10 50,3 32,14 36,32 54,36 70,22 74,8! 68,50 58,97"),
        Glyph("big ring", 1, "82,16 50,3 14,26 22,58 56,60 80,34 84,10! 80,54 74,97"),
        Glyph("slanted", 1, "84,12 62,3 32,20 28,42 54,46 80,20 70,54 46,97"),
        Glyph("open ring", 1, "70,10 44,5 20,24 28,46 56,46 80,18 76,56 66,97"),
        Glyph("flat ring", 1, "84,14 48,5 16,24 30,44 62,38 86,12! 72,54 58,97"),
        Glyph("hooked tail", 1.5, "74,14 48,3 20,20 26,44 52,48 74,28 78,12! 76,60 62,95 40,88"),
        Glyph("wide gap", 1, "78,10 48,6 20,24 26,48 58,44 82,14 76,54 70,97"),
        Glyph("gap above", 1, "60,8 34,12 18,34 36,52 66,42 82,8! 76,52 68,97"),
        Glyph("tall", 1, "64,8 44,4 30,24 38,42 56,38 68,10 66,54 62,97"),
        Glyph("tail to the left", 1, "80,16 54,3 22,18 22,44 50,52 76,34 82,14 76,58 50,88 16,92"),
        Glyph("angular gap", 1, "74,10 46,14 22,34 34,48 62,40 82,16! 72,54 60,97"),
        Glyph("corner and gap", 0.7, "66,8 36,16 16,38 24,48 52,46 84,22! 74,56 62,97"),
    ),
}


@dataclass(frozen=True)
class PenPath:
    """A glyph made ready for many hands: drawn points are ``sharp @ control``, wherever a hand puts those.

    Attributes:
        control: control points ``[k, 2]`` in the unit square.
        sharp: float64 ``[m, k]``, each row summing to 1: the curve through the control points.
        soft: float64 ``[m, k]``: the same curve by a hurried hand, which cuts corners.
        ends: where in the ``m`` points each stroke but the first begins, for ``np.split``.
    """

    control: np.ndarray
    sharp: np.ndarray
    soft: np.ndarray
    ends: tuple[int, ...]


def path_of(glyph: Glyph) -> PenPath:
    """Compile a glyph's text into control points and the matrices that draw its curves."""
    strokes = [stroke.split() for stroke in glyph.strokes.split("/")]
    marks = [mark.rstrip("!").split(",") for stroke in strokes for mark in stroke]
    control = np.array(marks, dtype=np.float64)
    own = np.split(np.eye(len(control)), np.cumsum([len(stroke) for stroke in strokes])[:-1])
    corners = [[mark.endswith("!") for mark in stroke] for stroke in strokes]
    curves = [_curve(turns, points) for turns, points in zip(corners, own, strict=True)]
    sharp, soft = np.concatenate(curves), np.concatenate([_softened(curve) for curve in curves])
    ends = tuple(int(end) for end in np.cumsum([len(curve) for curve in curves])[:-1])
    return PenPath(control / 100, sharp, soft, ends)


def _curve(corners: list[bool], points: np.ndarray) -> np.ndarray:
    """One stroke ``[m, d]`` through ``points`` ``[k, d]``, smooth from corner to corner."""
    stops = [0, *(i for i, corner in enumerate(corners) if corner), len(corners) - 1]
    pieces = [catmull_rom(points[a : b + 1]) for a, b in pairwise(stops)]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _softened(curve: np.ndarray) -> np.ndarray:
    """The curve ``[m, d]`` with each point but the ends averaged with its neighbours, again and again."""
    for _ in range(2 * SAMPLES):
        inner = (curve[:-2] + 2 * curve[1:-1] + curve[2:]) / 4
        curve = np.concatenate([curve[:1], inner, curve[-1:]])
    return curve


def catmull_rom(points: np.ndarray) -> np.ndarray:
    """A smooth curve through points: the uniform spline of Catmull and Rom (1974), straight ends.

    Args:
        points: ``[k, d]``, k at least 2.

    Returns:
        ``[(k - 1) * SAMPLES + 1, d]``.
    """
    p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.arange(SAMPLES)[:, None] / SAMPLES  # [SAMPLES, 1]
    before, start, end, after = (p[i : len(p) - 3 + i, None] for i in range(4))  # [k - 1, 1, d]
    square = 2 * before - 5 * start + 4 * end - after
    cube = 3 * start - before - 3 * end + after
    curve = start + t / 2 * (end - before + t * square + t**2 * cube)
    return np.concatenate([curve.reshape(-1, points.shape[1]), points[-1:]])
