"""How each network is trained: on the command line, and in front of a visitor, who gives seconds."""

from __future__ import annotations

from typing import Any

from denoiser.models import MODELS
from denoiser.train.augmentation import Augmentation

LONGEST_RUN = 600.0  # seconds of training that a visitor may ask for

ALL_KINDS = (*["blend"] * 6, *["gaussian"] * 2, *["salt_pepper"] * 2, *["poisson"] * 2, "speckle")
CAREFUL = dict(optimizer="adamw", schedule="one_cycle", clip_gradient=1.0, average=0.999)

# How each network is trained unless something else is asked for. What comes from a tutorial is trained as the tutorial
# does it, its bugs corrected: noise in, clean out, pixels in [0, 1].
RECIPES: dict[str, dict[str, Any]] = {
    "residual_unet": dict(
        kinds=ALL_KINDS,
        importance_sampling=1.0,
        optimizer="muon",
        learning_rate=0.012,
        weight_decay=0.005,
        schedule="cosine",
        average=0.999,
        batch_size=64,
        steps=45_000,
    ),
    "simple_unet": dict(kinds=("blend",), learning_rate=1e-3, steps=985),  # 3 passes over 42,000 digits
    "conv_autoencoder": dict(kinds=("blend",), learning_rate=1e-3, batch_size=320, steps=500),
    "dense_autoencoder": dict(kinds=("gaussian",), learning_rate=1e-3, batch_size=32, steps=17_190),
    "lean_classifier": dict(**CAREFUL, augment=Augmentation(), label_smoothing=0.05, learning_rate=3e-3, steps=5_000),
    "tutorial_classifier": dict(learning_rate=1e-3, batch_size=64, steps=4_300),  # 5 passes over 55,000
}

QUICK = dict(optimizer="adamw", schedule="one_cycle", batch_size=64, clip_gradient=1.0, average=0.98)
STEADY = dict(optimizer="adamw", schedule="one_cycle", batch_size=32, clip_gradient=1.0)
# Muon needs no warm-up: with the full learning rate from the first step on, half the steps bring recognisable digits.
FASTEST = dict(
    optimizer="muon",
    schedule="cosine",
    batch_size=64,
    learning_rate=0.04,
    weight_decay=0.1,  # the longer a run, the less: learning rate, weight decay and steps multiply to about 2
    average=0.97,
    importance_sampling=1.0,
)
SMALL = dict(width=32, deep_width=32, blocks_deep=3, tone_curves=4)
SMALLER = SMALL | dict(blocks_deep=2)
# What changes with the budget where a visitor follows the recommended recipe: up to so many seconds, these values. The
# briefest runs gain from more and larger steps on fewer pictures; longer ones from smaller steps, and then from more
# weights.
BRIEFEST, BRIEF, LONG = 5.0, 20.0, 60.0
BY_BUDGET: dict[str, dict[float, dict[str, Any]]] = {
    "residual_unet": {
        BRIEFEST: dict(
            schedule="trapezoid",
            batch_size=16,
            learning_rate=0.05,
            weight_decay=0.0,
            average=0.0,
            importance_sampling=0.5,
            model_config=SMALLER,
        ),
        BRIEF: {},
        LONG: dict(batch_size=32, learning_rate=0.02, weight_decay=0.04, average=0.99),
        LONGEST_RUN: dict(learning_rate=0.02, weight_decay=0.015, average=0.99, model_config={}),
    },
}

# What goes with an optimizer that a visitor takes in place of the recipe's: a step of Muon is no step of Adam.
BY_OPTIMIZER: dict[str, dict[str, float]] = {
    "adam": dict(learning_rate=2e-3, weight_decay=0.0),
    "adamw": dict(learning_rate=2e-3, weight_decay=0.01),
    "sgd": dict(learning_rate=0.1, weight_decay=0.0),
    "muon": dict(learning_rate=0.04, weight_decay=0.0),
}

# The loss for which those learning rates are meant: Adam hardly feels how the loss is scaled, SGD does.
MEAN: dict[str, Any] = dict(loss="mse", loss_scale=1.0)

# What each network is trained with unless a visitor says otherwise: as it learns fastest, and as its tutorial has it,
# bugs included. The book's own run divides pixels by 512 and adds no noise, so nothing in it learns to denoise; it sums
# up the errors of all pixels, a hundredfold, draws digits with replacement and calls 20 passes over them an epoch.
PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "residual_unet": {"recommended": dict(model_config=SMALL, **FASTEST)},
    "simple_unet": {
        "recommended": dict(**QUICK, learning_rate=2e-3),
        "tutorial": dict(optimizer="adam", schedule="constant", learning_rate=1e-3, batch_size=128),
    },
    "conv_autoencoder": {
        "recommended": dict(**QUICK, learning_rate=2e-3),
        "tutorial": dict(
            optimizer="adam",
            schedule="constant",
            learning_rate=2e-5,
            batch_size=320,
            amounts=(0.0, 0.0),
            pixel_scale=255 / 512,
            sampling="replacement",
            passes=20,
            loss="sum",
            loss_scale=100.0,
        ),
    },
    "dense_autoencoder": {
        "recommended": dict(**QUICK, learning_rate=3e-3),
        "tutorial": dict(optimizer="adam", schedule="constant", learning_rate=1e-3, batch_size=32, amounts=(0.0, 0.0)),
    },
    "lean_classifier": {"recommended": dict(**STEADY, learning_rate=3e-3)},
    # Its tutorial goes wrong only where it reads: dropout stays on there. Training is as it stands in the tutorial.
    "tutorial_classifier": {
        "recommended": dict(**STEADY, learning_rate=1e-3),
        "tutorial": dict(optimizer="adam", schedule="constant", learning_rate=1e-3, batch_size=64),
    },
}

# A network that has no recipe yet learns by these, as a tutorial would train it and as most of them learn fast.
for _model in MODELS:
    RECIPES.setdefault(_model, dict(learning_rate=1e-3, steps=1_000))
    PRESETS.setdefault(_model, {"recommended": dict(**QUICK, learning_rate=2e-3)})
