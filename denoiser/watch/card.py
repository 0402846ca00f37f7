"""A model card: what a checkpoint says of itself, for people, with the front matter that model hubs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import NamedTuple

from denoiser.checkpoint import Info
from denoiser.train.config import TrainingConfig
from denoiser.train.tasks import TASKS, Denoising, Reading, Task

FRONT = """---
library_name: pytorch
pipeline_tag: {task}
tags:
  - {tag}
  - mnist
---
"""


class _Words(NamedTuple):
    """What differs between the two kinds of network."""

    task: str
    tag: str
    what: str
    does: str
    score: str
    use: str


DENOISES = _Words(
    task="image-to-image",
    tag="denoising",
    what="a denoiser of handwritten digits",
    does="It takes the noise out of pictures of 28×28 pixels, in one forward pass.",
    score="The validation error is the mean squared error on held-out digits, pixels in [0, 1]",
    use="""restore = denoiser.load("{file}")
denoised = restore(noisy)  # float32 [N, 1, 28, 28] in [0, 1], ink bright on dark""",
)
READS = _Words(
    task="image-classification",
    tag="digit-recognition",
    what="a reader of handwritten digits",
    does="It says which of the ten digits a picture of 28×28 pixels shows, and how sure it is.",
    score="The validation accuracy is the share of held-out digits, without noise, that it reads rightly",
    use="""read = denoiser.load_classifier("{file}")
probabilities = read(pictures)  # [N, 10] for float32 [N, 1, 28, 28] in [0, 1], ink bright on dark""",
)
WORDS: dict[type[Task], _Words] = {Denoising: DENOISES, Reading: READS}

# Of the recipe, what is named in any case, and what has a row of its own.
ALWAYS = ("optimizer", "learning_rate", "schedule", "batch_size", "weight_decay", "average", "precision", "seed")
ELSEWHERE = ("model", "model_config", "data", "digits", "kinds", "amounts", "steps", "seconds", "trained", "began_with")


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
    words = WORDS[TASKS[info.model]]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items() if value)
    return (
        f"{FRONT.format(task=words.task, tag=words.tag)}\n# {info.model}, {words.what}\n\n{words.does}\n\n"
        f"| | |\n|---|---|\n{table}\n\n"
        f"{words.score}; the weights are those that scored best on them. A test set was not used.\n\n"
        f"```python\nimport denoiser\n\n{words.use.format(file=file)}\n```\n"
    )


def _digits(info: Info) -> str:
    digits = info.training.get("digits")
    chosen = [str(digit) for digit in digits] if isinstance(digits, (list, tuple)) else []
    return "all" if len(chosen) == 10 else ", ".join(chosen)


def _recipe(info: Info) -> str:
    """What always matters, and then all that is not as `TrainingConfig` has it by itself."""
    usual = asdict(TrainingConfig(steps=1))
    named = [name for name in ALWAYS if name in info.training]
    named += [
        name
        for name, value in usual.items()
        if name in info.training and name not in (*ALWAYS, *ELSEWHERE) and info.training[name] != value
    ]
    words = [f"{_words(name)} {_value(info.training[name])}" for name in named]
    if dropout := info.config.get("dropout"):
        words.append(f"dropout {_value(dropout)}")
    return ", ".join(words)


def _words(name: str) -> str:
    return {"augment": "augmentation"}.get(name, name.replace("_", " "))


def _value(value: object) -> str:
    """In one line that breaks no table: a checkpoint may come from anywhere."""
    if isinstance(value, dict):
        return f"({', '.join(f'{_words(str(name))} {_value(part)}' for name, part in value.items())})"
    return " ".join(str(value).split()).replace("|", "\\|")
