"""The SimpleUNet of the tutorial on corruption by blending: 309,057 weights, skips added, not concatenated."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from denoiser.models.layers import MOST_DROPOUT, Dropout, check_share


@dataclass(frozen=True)
class SimpleUNetConfig:
    """The share `dropout` of the activations at 7×7 that is dropped in training; the tutorial fixes every width."""

    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_share(self, dropout=(0, MOST_DROPOUT))


class SimpleUNet(nn.Module):
    """Noisy ``[N, 1, 28, 28]`` to denoised ``[N, 1, 28, 28]``, never negative (the output passes a ReLU too)."""

    Config = SimpleUNetConfig
    DECODER = ("up1", "up2", "up3")

    def __init__(self, config: SimpleUNetConfig | None = None) -> None:
        super().__init__()
        self.config = config or SimpleUNetConfig()
        self.dropout = Dropout(self.config.dropout)
        self.down1 = nn.Conv2d(1, 32, 5, padding=2)
        self.down2 = nn.Conv2d(32, 64, 5, padding=2)
        self.down3 = nn.Conv2d(64, 64, 5, padding=2)
        self.up1 = nn.Conv2d(64, 64, 5, padding=2)
        self.up2 = nn.Conv2d(64, 32, 5, padding=2)
        self.up3 = nn.Conv2d(32, 1, 5, padding=2)

    def forward(self, noisy: Tensor) -> Tensor:
        wide = F.relu(self.down1(noisy))  # [N, 32, 28, 28]
        middle = F.relu(self.down2(F.max_pool2d(wide, 2)))  # [N, 64, 14, 14]
        deep = self.dropout(F.relu(self.down3(F.max_pool2d(middle, 2))))  # [N, 64, 7, 7]
        x = F.relu(self.up1(deep))  # [N, 64, 7, 7]
        x = F.interpolate(x, scale_factor=2) + middle  # [N, 64, 14, 14]
        x = F.relu(self.up2(x))  # [N, 32, 14, 14]
        x = F.interpolate(x, scale_factor=2) + wide  # [N, 32, 28, 28]
        return F.relu(self.up3(x))  # [N, 1, 28, 28]
