"""The reader of digits: a lean convolutional classifier that rides along with every picture on the page."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from denoiser.models.layers import MOST_DROPOUT, Dropout, check_share, check_whole


@dataclass(frozen=True)
class LeanClassifierConfig:
    """Channels after the first, the second and the third stage; `dropout` is the share dropped before the last."""

    width: int = 32
    middle_width: int = 64
    deep_width: int = 96
    dropout: float = 0.3

    def __post_init__(self) -> None:
        check_whole(self, width=(1, 512), middle_width=(1, 512), deep_width=(1, 1024))
        check_share(self, dropout=(0, MOST_DROPOUT))


def _conv(channels: int, width: int) -> list[nn.Module]:
    return [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]


class LeanClassifier(nn.Module):
    """Pictures ``[N, 1, 28, 28]`` in [0, 1] to logits ``[N, 10]``."""

    Config = LeanClassifierConfig

    def __init__(self, config: LeanClassifierConfig | None = None) -> None:
        super().__init__()
        c = self.config = config or LeanClassifierConfig()
        self.layers = nn.Sequential(
            *(_conv(1, c.width) + [nn.MaxPool2d(2)]),  # [N, width, 14, 14]
            *(_conv(c.width, c.middle_width) + _conv(c.middle_width, c.middle_width) + [nn.MaxPool2d(2)]),  # 7×7
            *(_conv(c.middle_width, c.deep_width) + _conv(c.deep_width, c.deep_width) + [nn.MaxPool2d(2)]),  # 3×3
            *(nn.Flatten(), Dropout(c.dropout), nn.Linear(c.deep_width * 9, 10)),  # [N, 10]
        )

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.layers(pictures)
        return logits
