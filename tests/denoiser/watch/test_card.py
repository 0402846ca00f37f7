"""The model card says what the checkpoint knows, and nothing else."""

from dataclasses import asdict, fields

from denoiser.checkpoint import Info
from denoiser.train.augmentation import Augmentation
from denoiser.train.config import TrainingConfig
from denoiser.watch.card import model_card
from denoiser.watch.settings import RunSettings


def test_a_card_tells_the_run():
    info = Info(
        model="simple_unet", parameters=309_057, data="MNIST", noise="blend; amount 0.0–1.0", steps=1234, seconds=20.5,
        hardware="A processor, 2 threads", metrics={"validation_mse": 0.0181},
        training={"digits": [0, 1], "optimizer": "adam", "learning_rate": 0.001, "seed": 7,
                  "began_with": "simple_unet, 985 steps on MNIST", "trained": "decoder"},
    )  # fmt: skip
    card = model_card(info, "mine.safetensors")
    assert card.startswith("---\nlibrary_name: pytorch\n")
    for words in (
        "simple_unet, 309,057 weights", "| data | MNIST |", "| digits | 0, 1 |",
        "| began with | simple_unet, 985 steps on MNIST |", "| trained layers | the decoder alone |",
        "1,234 steps in 20.5 seconds",
        "A processor, 2 threads", "optimizer adam, learning rate 0.001, seed 7", "| validation mse | 0.0181 |",
        'denoiser.load("mine.safetensors")',
    ):  # fmt: skip
        assert words in card, words


def test_the_card_of_a_reader_does_not_promise_to_denoise():
    card = model_card(Info(model="lean_classifier", metrics={"validation_accuracy": 0.97}), "mine.safetensors")
    assert "pipeline_tag: image-classification\n" in card and "a reader of handwritten digits" in card
    assert "| validation accuracy | 0.97 |" in card and 'denoiser.load_classifier("mine.safetensors")' in card
    assert "denoiser of" not in card and "mean squared error" not in card and "image-to-image" not in card


def test_a_card_leaves_out_what_is_not_known():
    card = model_card(Info(model="simple_unet"))
    assert "| data |" not in card and "hardware" not in card and "began" not in card and "None" not in card


def test_a_card_tells_all_that_is_not_as_usual():
    settings = RunSettings("simple_unet", dropout=0.25, augment=True, patience=7)
    config = settings.config()
    card = model_card(Info("simple_unet", config={"dropout": 0.25}, training=asdict(config)))
    moved = asdict(Augmentation())
    told = ", ".join(f"{name} {value}" for name, value in moved.items())
    assert f"augmentation ({told})" in card and "patience 7" in card and "dropout 0.25" in card
    usual = TrainingConfig(steps=1)
    for field in fields(TrainingConfig):
        if getattr(config, field.name) != getattr(usual, field.name) and field.name not in ("model", "model_config"):
            assert field.name.replace("_", " ") in card.replace("augmentation", "augment"), field.name
    assert "compile" not in card and "pixel scale" not in card and "label smoothing" not in card


def test_what_a_stranger_wrote_into_a_checkpoint_breaks_no_table():
    card = model_card(
        Info("simple_unet", training={"optimizer": "a\n| b | c |", "patience": ["x|y"], "augment": {"k": 1}})
    )
    (row,) = [line for line in card.splitlines() if line.startswith("| recipe")]
    assert row == "| recipe | optimizer a \\| b \\| c \\|, augmentation (k 1), patience ['x\\|y'] |"
