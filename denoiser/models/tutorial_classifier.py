"""The tutorial's digit classifier: 25.8 million weights, most of them in one layer. Trainable, too large to ship."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from denoiser.models.layers import MOST_DROPOUT, Dropout, check_share


@dataclass(frozen=True)
class TutorialClassifierConfig:
    """The tutorial fixes every width; `dropout` is the share dropped before the last."""

    dropout: float = 0.5

    def __post_init__(self) -> None:
        check_share(self, dropout=(0, MOST_DROPOUT))


class TutorialClassifier(nn.Module):
    """Pictures ``[N, 1, 28, 28]`` in [0, 1] to logits ``[N, 10]``."""

    Config = TutorialClassifierConfig

    def __init__(self, config: TutorialClassifierConfig | None = None) -> None:
        super().__init__()
        c = self.config = config or TutorialClassifierConfig()
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, 64, 3, padding=1), nn.ReLU()),  # [N, 64, 28, 28]
            *(nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),  # [N, 128, 14, 14]
            *(nn.Flatten(), nn.Linear(14 * 14 * 128, 1024), nn.ReLU()),  # [N, 1024]
            *(Dropout(c.dropout), nn.Linear(1024, 10)),  # [N, 10]
        )

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.layers((pictures - 0.5) / 0.5)
        return logits
