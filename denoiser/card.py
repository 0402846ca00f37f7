"""A model card: what a checkpoint says of itself, for people, with the front matter that model hubs read."""

from __future__ import annotations

from denoiser.checkpoint import Info

FRONT = """---
library_name: pytorch
pipeline_tag: image-to-image
tags:
  - denoising
  - mnist
---
"""
USE = """```python
import denoiser

restore = denoiser.load("{file}")
denoised = restore(noisy)  # float32 [N, 1, 28, 28] in [0, 1], ink bright on dark
```"""


def model_card(info: Info, file: str = "model.safetensors") -> str:
    """Markdown with what the network is, what it was trained on, how, for how long, on what, and how well it does.

    Args:
        info: of the checkpoint; what it does not say is left out.
        file: the checkpoint's name, for the example of its use.
    """
    rows = {
        "network": f"{info.model}, {info.parameters:,} weights" if info.parameters else info.model,
        "data": info.data,
        "digits": _digits(info),
        "noise": info.noise,
        "began with": str(info.training.get("began_with", "")),
        "trained layers": "the decoder alone" if info.training.get("trained") == "decoder" else "",
        "training": f"{info.steps:,} steps in {info.seconds:g} seconds",
        "hardware": info.hardware,
        "recipe": _recipe(info),
        **{name.replace("_", " "): f"{value:g}" for name, value in info.metrics.items()},
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items() if value)
    return (
        f"{FRONT}\n# {info.model}, a denoiser of handwritten digits\n\n"
        f"It takes the noise out of pictures of 28×28 pixels, in one forward pass.\n\n"
        f"| | |\n|---|---|\n{table}\n\n"
        "The validation error is the mean squared error on held-out digits, pixels in [0, 1]; the weights are those "
        f"that scored best on them. A test set was not used.\n\n{USE.format(file=file)}\n"
    )


def _digits(info: Info) -> str:
    digits = info.training.get("digits")
    chosen = [str(digit) for digit in digits] if isinstance(digits, (list, tuple)) else []
    return "all" if len(chosen) == 10 else ", ".join(chosen)


def _recipe(info: Info) -> str:
    names = ("optimizer", "learning_rate", "schedule", "batch_size", "weight_decay", "average", "precision", "seed")
    return ", ".join(f"{name.replace('_', ' ')} {info.training[name]}" for name in names if name in info.training)
