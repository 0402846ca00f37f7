"""The command line: `denoiser {train,evaluate,denoise,export,data,models}`, or `python -m denoiser` in its place."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from denoiser.classical import METHODS
from denoiser.cli import commands
from denoiser.cli.export import export_network
from denoiser.cli.models import models
from denoiser.cli.options import VALIDATE_EVERY
from denoiser.cli.train import train
from denoiser.inference import DEFAULT, READER
from denoiser.models import MODELS
from denoiser.noise import KINDS
from denoiser.train.config import LOSSES
from denoiser.train.optimizers import OPTIMIZERS
from denoiser.train.schedule import SCHEDULES

Command = Callable[[argparse.Namespace], None]
DEVICE = "cpu, cuda, cuda:0 or mps (default: the best there is)"


def main(arguments: Sequence[str] | None = None, program: str = "denoiser") -> int:
    """Run one command; bad input prints one line and returns 2, Ctrl-C returns 130. `program` is what was typed."""
    options = _parser(program).parse_args(arguments)
    run: Command = options.run
    try:
        run(options)
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as everything here does; --help has the rest."""

    def error(self, message: str) -> NoReturn:
        print(f"error: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=program, description="Take noise out of handwritten digits.")
    subparsers = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true", help="one line of JSON instead of text")
        return sub

    _train_options(command("train", train, "Train a network and write a checkpoint."))
    _evaluate_options(command("evaluate", commands.evaluate_models, "Score networks on held-out digits."))
    _denoise_options(command("denoise", commands.denoise, "Take the noise out of one picture."))
    _export_options(command("export", export_network, "Write a network as an ONNX file."))
    _data_options(command("data", commands.data, "Say which digits were found; download or preview them."))
    _models_options(command("models", models, "List the networks and the shipped checkpoints, or show one of them."))
    return parser


def _train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", choices=MODELS, metavar="MODEL", help=f"{', '.join(MODELS)} (default: {DEFAULT})")
    parser.add_argument("--preset", choices=("recommended", "tutorial"), help="a recipe that needs a budget")
    parser.add_argument("--start", metavar="MODEL", help="fine-tune a shipped model or a checkpoint's path")
    parser.add_argument("--train-only", choices=("decoder",), help="leave all other layers as they are")
    parser.add_argument("--data", help="auto (the default), mnist, own, pen or a path; several joined by +")
    parser.add_argument("--digits", help="which digits to learn, such as 01 (default: all)")
    parser.add_argument("--limit", type=int, metavar="N", help="learn from so many of these digits only")
    parser.add_argument("--epochs", type=float, help="the budget in epochs, passes over the data")
    parser.add_argument("--steps", type=int, help="the budget in updates (default: the model's recipe)")
    parser.add_argument("--seconds", type=float, help="the budget in seconds; of several budgets the first counts")
    parser.add_argument("--seed", type=int, help="of weights, order and noise (default: 0)")
    parser.add_argument("--device", help=DEVICE)
    parser.add_argument("--threads", type=int, help="CPU threads (default: PyTorch's choice)")
    parser.add_argument("--precision", help="auto, float32, float32_channels_last or bfloat16")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, help="torch.compile; takes a C++ compiler")
    _learning_options(parser.add_argument_group("how it learns (default: the model's recipe)"))
    _keeping_options(parser.add_argument_group("what is kept and shown"))


def _learning_options(parser: argparse._ArgumentGroup) -> None:
    parser.add_argument("--optimizer", choices=OPTIMIZERS, help="the rule of the updates")
    parser.add_argument("--learning-rate", type=float, help="the highest of the schedule")
    parser.add_argument("--schedule", choices=SCHEDULES, help="how the learning rate changes")
    parser.add_argument("--batch-size", type=int, help="pictures per update")
    parser.add_argument("--weight-decay", type=float, help="L2 regularisation; 0 for none")
    parser.add_argument("--dropout", type=float, help="share of activations dropped in training")
    told = "let the network be told kind and amount of the noise, as it is for half of its training pictures"
    parser.add_argument("--told", action="store_true", default=None, help=told)
    parser.add_argument("--average", type=float, help="decay of the moving average of weights; 0 for none")
    parser.add_argument("--kinds", help="kinds of noise, joined by commas: " + ", ".join(KINDS))
    parser.add_argument("--amounts", type=float, nargs=2, metavar=("LOW", "HIGH"), help="of noise, from 0 to 1")
    often = "how much more often high amounts are drawn, with as much less weight; 0 for all alike"
    parser.add_argument("--importance-sampling", "--emphasis", type=float, help=often)
    roots = "rmse takes the root of each picture's MSE, so that small errors count for more"
    parser.add_argument("--loss", choices=LOSSES, help=roots)
    moves = "move the digits: rotation=10 shift=1.5 scale=0.1 slant=0.15 at most, those named alone, or none; "
    moves += "crop=4 cuts off up to 4 pixels at each side"
    parser.add_argument("--augment", nargs="*", metavar="MOVE=MOST", help=moves)
    often = f"steps between two scores on held-out digits; 0 for never (default: {VALIDATE_EVERY})"
    parser.add_argument("--validate-every", type=int, metavar="N", help=often)
    parser.add_argument("--patience", type=int, metavar="N", help="stop after N scores that are not the best; 0: never")


def _keeping_options(parser: argparse._ArgumentGroup) -> None:
    best = "the checkpoint to write, with the weights that validated best (default: MODEL.safetensors)"
    parser.add_argument("--out", type=Path, help=best)
    parser.add_argument("--resume", type=Path, metavar="STATE", help="go on exactly from an earlier run's OUT.state")
    pause = "SECONDS between two saved states, 0 for every step (default: 60); with the word epochs, as in 6 epochs, "
    pause += "also a checkpoint OUT_EPOCH.safetensors after so many; may be given twice"
    often: dict[str, Any] = {"nargs": "+", "action": "append", "default": [], "metavar": ("N", "epochs")}
    parser.add_argument("--save-every", help=pause, **often)
    sample = "a picture img_EPOCH.jpg before the first step and after every epoch"
    parser.add_argument("--samples", type=Path, metavar="DIR", help=sample)
    logs = "log loss, learning rate, validation and samples; needs the package tensorboard"
    parser.add_argument("--tensorboard", type=Path, metavar="DIR", help=logs)


def _evaluate_options(evaluate: argparse.ArgumentParser) -> None:
    models = "names, paths, or all that are shipped (the default, unless methods are named)"
    evaluate.add_argument("--model", nargs="+", help=models)
    methods = f"classical ones: {', '.join(METHODS)}, or all, and then all shipped networks, too"
    evaluate.add_argument("--methods", nargs="+", choices=(*METHODS, "all"), metavar="METHOD", help=methods)
    own = "a function of yours that takes noisy pictures, kind and amount; may be given several times"
    evaluate.add_argument("--method", action="append", metavar="MODULE:FUNCTION", help=own)
    evaluate.add_argument("--device", help=DEVICE)
    evaluate.add_argument("--data", default="auto", help="auto, mnist, own, pen or a path")
    evaluate.add_argument("--split", default="test", choices=("train", "validation", "test"))
    evaluate.add_argument("--limit", type=int, help="score on that many digits only")
    kinds = f"of noise: {', '.join(KINDS)}, or all (default: blend)"
    evaluate.add_argument("--kinds", "--kind", nargs="+", choices=(*KINDS, "all"), metavar="KIND", help=kinds)
    evaluate.add_argument("--seed", type=int, default=0, help="of the noise, and of the digits in the picture")
    evaluate.add_argument("--reader", help=f"the classifier that reads the results (default: {READER})")
    grid = "also write a grid: noisy, denoised, clean; of a classifier digits with their labels and what it reads"
    evaluate.add_argument("--picture", type=Path, help=grid)
    read = "also write test digits with their labels and what is read in them, wrong ones marked, by classifiers "
    read += f"(default: {READER}), or in what denoisers make of them"
    evaluate.add_argument("--examples", type=Path, metavar="FILE.png", help=read)
    evaluate.add_argument("--csv", type=Path, help="also write all scores with their intervals, a line for each amount")
    compact = "a small table: PSNR at every amount of the first kind, and over all amounts of the others"
    evaluate.add_argument("--compact", action="store_true", default=None, help=compact)
    evaluate.add_argument("--update", type=Path, nargs="+", help="Markdown files whose tables are renewed")
    evaluate.add_argument("--table", default="results", help="the name of the place in those files")


def _denoise_options(denoise: argparse.ArgumentParser) -> None:
    denoise.add_argument("picture", type=Path, help="PNG, JPEG or WebP")
    denoise.add_argument("--out", type=Path, help="where to write the result (default: beside the picture)")
    denoise.add_argument("--model", default="default", help="a shipped model or a checkpoint's path")
    denoise.add_argument("--device", help=DEVICE)
    denoise.add_argument("--amount", type=float, help="the picture is a clean drawing: add this much noise first")
    denoise.add_argument("--kind", default="blend", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    denoise.add_argument("--seed", type=int, default=0, help="of the noise")
    denoise.add_argument("--told", action="store_true", help="tell the network kind and amount of what is added")


def _export_options(export: argparse.ArgumentParser) -> None:
    export.add_argument("--model", default="default", help="a shipped model or a checkpoint's path")
    export.add_argument("--out", type=Path, help="where to write it (default: MODEL.onnx)")
    export.add_argument("--batch", type=int, metavar="N", help="pictures that it takes at a time (default: any number)")
    export.add_argument("--told", action="store_true", help="it also takes kind and amount of the noise")
    export.add_argument("--data", default="auto", help="digits that it is compared on: auto, mnist, own, pen or a path")
    export.add_argument("--graphs", action="store_true", help="instead, renew the graphs that the page computes with")


def _data_options(data: argparse.ArgumentParser) -> None:
    data.add_argument("--data", default="auto", help="auto, mnist, own, pen or a path")
    data.add_argument("--split", default="train", choices=("train", "validation", "test"))
    data.add_argument("--download", action="store_true", help="fetch MNIST if it is missing")
    data.add_argument("--preview", type=Path, help="write a picture of 64 digits with their labels")
    sheet = "write a picture of 64 digits, how often each is there, how bright their pixels are, and their mean"
    data.add_argument("--sheet", type=Path, metavar="FILE.png", help=sheet)
    data.add_argument("--seed", type=int, default=0, help="of the choice of those 64")


def _models_options(parser: argparse.ArgumentParser) -> None:
    which = f"{', '.join(MODELS)}, or a checkpoint's path"
    parser.add_argument("--summary", metavar="MODEL", help=f"every step of one network: {which}")
    parser.add_argument("--graph", type=Path, metavar="FILE.svg", help="draw its graph, of --model where that is alone")
    parser.add_argument("--model", help=f"whose graph is drawn (default: {DEFAULT})")
