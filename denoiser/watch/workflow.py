"""The workflow "first overfit, then regularise" as a chain of runs: each but the first tries one remedy by itself.

The network is the fully connected autoencoder, which makes enough steps in a few seconds to learn some digits by
heart. New noise at every step is a remedy in itself: the convolutional networks need minutes before their curves part.
"""

from __future__ import annotations

from typing import Any

FEW = 200  # digits, which are learned by heart within seconds
OVERFIT: dict[str, Any] = dict(
    model="dense_autoencoder",
    limit=FEW,
    kinds=("blend",),
    amounts=(0.4, 0.8),
    optimizer="muon",
    schedule="constant",
    learning_rate=0.02,
    batch_size=32,
    weight_decay=0.0,
    dropout=0.0,
    augment=False,
    patience=0,
)
# By name: settings of a run as `RunSettings` takes them, but its seconds.
WORKFLOW: dict[str, dict[str, Any]] = {
    "overfit": OVERFIT,
    "more_data": OVERFIT | dict(limit=50 * FEW),
    "augment": OVERFIT | dict(augment=True),
    "dropout": OVERFIT | dict(dropout=0.1),
    "weight_decay": OVERFIT | dict(weight_decay=0.1),
    "early_stopping": OVERFIT | dict(patience=3),
}
