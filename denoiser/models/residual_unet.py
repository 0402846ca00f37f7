"""The project's own denoiser: a U-Net of residual blocks that never works at full resolution."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from denoiser.models.layers import (
    HIDDEN,
    MOST_DROPOUT,
    Dropout,
    GlobalContext,
    ToneCurves,
    check_share,
    check_whole,
    no_update_at_first,
)
from denoiser.noise import KINDS

MEAN_DIGIT = 0.13  # the mean of a digit's pixels: what an untrained network had better answer


@dataclass(frozen=True)
class ResidualUNetConfig:
    """Channels at 14×14 and at 7×7, and residual blocks on the way down, at the bottom and on the way up.

    The first convolution sees the noisy picture through `tone_curves` curves of brightness, chosen by the picture's
    histogram (`ToneCurves`); with 0 it sees the picture as it is. `input_mean` is taken off what it sees: what is
    centred is learned from the first step on. `dropout` is the share of the activations at 7×7 that is dropped in
    training. With `told` the network can be told kind and amount of the noise, and need not be. Of `KINDS` it knows the
    first `told_kinds`, those that there were when it learned: of a later one it is told nothing.
    """

    width: int = 48
    deep_width: int = 48
    blocks_down: int = 1
    blocks_deep: int = 5
    blocks_up: int = 1
    input_mean: float = 0.3
    tone_curves: int = 8
    dropout: float = 0.0
    told: bool = False
    told_kinds: int = 5  # as many as there were when files did not yet say it

    def __post_init__(self) -> None:
        check_whole(self, width=(1, 512), deep_width=(1, 1024))
        check_whole(self, blocks_down=(0, 16), blocks_deep=(0, 32), blocks_up=(0, 16), tone_curves=(0, 64))
        check_whole(self, told_kinds=(1, len(KINDS)))
        check_share(self, dropout=(0, MOST_DROPOUT), input_mean=(0, 1))
        if type(self.told) is not bool:
            raise ValueError(f"told must be true or false, not {self.told!r}")
        if self.told and not self.tone_curves:
            raise ValueError("a network that is told the noise needs tone curves: give tone_curves at least 1")


class ResidualBlock(nn.Module):
    """``x + conv(relu(conv(relu(x))))``; the second convolution starts at zero, so the block starts as nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = no_update_at_first(nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(F.relu(x))))


class ResidualUNet(nn.Module):
    """Noisy ``[N, 1, 28, 28]`` to denoised ``[N, 1, 28, 28]``, one forward pass; told the noise, `described`, or not.

    Every 2×2 pixels become four channels (pixel unshuffle), so the widest convolutions see 14×14 positions
    instead of 28×28: four times cheaper, with a field of view twice as wide. At 7×7 each block also gets the
    mean of the whole picture, which tells it how much noise there is; tone curves tell it before the first convolution.
    """

    Config = ResidualUNetConfig
    DECODER = ("grow", "up", "leave")

    def __init__(self, config: ResidualUNetConfig | None = None) -> None:
        super().__init__()
        c = self.config = config or ResidualUNetConfig()
        self.tone = ToneCurves(c.tone_curves) if c.tone_curves else nn.PixelUnshuffle(2)
        self.enter = nn.Conv2d(4 * max(1, c.tone_curves), c.width, 3, padding=1)
        self.down = nn.Sequential(*(ResidualBlock(c.width) for _ in range(c.blocks_down)))
        self.shrink = nn.Conv2d(c.width, c.deep_width, 2, stride=2)
        deep = (nn.Sequential(GlobalContext(c.deep_width), ResidualBlock(c.deep_width)) for _ in range(c.blocks_deep))
        self.deep = nn.Sequential(*deep)
        self.dropout = Dropout(c.dropout)
        self.grow = nn.ConvTranspose2d(c.deep_width, c.width, 2, stride=2)
        self.up = nn.Sequential(*(ResidualBlock(c.width) for _ in range(c.blocks_up)))
        self.leave = no_update_at_first(nn.Conv2d(c.width, 4, 3, padding=1), bias=MEAN_DIGIT)
        # Without a bias: whoever says nothing, all zeros, gets what a network makes that cannot be told.
        self.told = no_update_at_first(nn.Linear(2 * c.told_kinds, HIDDEN + c.width, bias=False)) if c.told else None

    def forward(self, noisy: Tensor, told: Tensor | None = None) -> Tensor:
        hint, shift = self._hints(told) if told is not None else (None, None)
        toned = self.tone(noisy) if hint is None else self.tone(noisy, hint)  # without curves there is nothing to hint
        x = self.enter(toned - self.config.input_mean)
        if shift is not None:
            x = x + shift.to(x.dtype)
        skip = self.down(x)  # [N, width, 14, 14]
        x = self.dropout(self.deep(self.shrink(skip)))  # [N, deep_width, 7, 7]
        x = self.up(self.grow(x) + skip)  # [N, width, 14, 14]
        return F.pixel_shuffle(self.leave(F.relu(x)), 2)  # [N, 1, 28, 28]

    def _hints(self, told: Tensor) -> tuple[Tensor, Tensor]:
        """What being told adds: to the choice of the tone curves, ``[N, HIDDEN]``, and to what the first convolution
        makes of them, ``[N, width, 1, 1]``."""
        if self.told is None:
            raise ValueError("this network cannot be told kind and amount of the noise: let it find out")
        known = told.view(told.shape[0], 2, -1)[..., : self.config.told_kinds].flatten(1)
        with torch.autocast(told.device.type, enabled=False):  # amounts of noise are finer than bfloat16
            hint, shift = self.told(known).split([HIDDEN, self.config.width], dim=1)
        return hint, shift[:, :, None, None]
