"""What each command but `train` does, once its options are read."""

from __future__ import annotations

import argparse
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from denoiser.atomic import write_atomically
from denoiser.canvas import look
from denoiser.cli import figures, sheets
from denoiser.cli.console import listed, report, say, warn
from denoiser.cli.contenders import all_contenders, left_out
from denoiser.cli.tables import check_place, compact_table, readers_table, renew, results_csv, results_table
from denoiser.contenders import NOTHING, Contender, compare
from denoiser.data import Digits, download_mnist, load_digits, missing_files
from denoiser.devices import chosen_device
from denoiser.evaluation import SCORED_AMOUNTS, compare_readers
from denoiser.inference import (
    READER,
    Denoiser,
    Reader,
    available,
    load,
    load_classifier,
    load_network,
)
from denoiser.metrics import psnr, ssim
from denoiser.noise import KINDS, corrupt
from denoiser.picture_files import PHOTO_SIDE, nearest, read_picture_file, shrink, write_picture
from denoiser.pictures import from_bytes
from denoiser.train.tasks import TASKS


def evaluate_models(options: argparse.Namespace) -> None:
    """Score denoisers beside the noisy picture itself, the same noise for all; or classifiers on clean digits."""
    _check_files(options)
    device = chosen_device(options.device)
    networks = [load_network(name) for name in _chosen_models(options)]
    read = {TASKS[info.model].reads for _, info in networks}
    if len(read) > 1:
        raise ValueError("--model names denoisers and classifiers, which have other scores: evaluate them one by one")
    readers = read == {True}
    if readers:
        _refuse_what_is_for_denoisers(options, networks[0][1].name)
    denoisers = [] if readers else [Denoiser(*network, device) for network in networks]
    contenders = all_contenders(denoisers, options.methods or (), options.method or ())
    digits = load_digits(options.data, options.split, limit=options.limit)
    if options.examples and digits.labels is None:
        raise ValueError("--examples compares with labels, and these digits have none: use a labelled file")
    if readers:
        facts, table = _read([Reader(*network, device) for network in networks], digits, options)
    else:
        facts, table = _denoised(contenders, digits, device, options)
        _show_denoised(denoisers, digits, device, options)
    report(options, facts, table)
    for path in options.update or ():
        renew(path, options.table, table)


def _show_denoised(
    denoisers: list[Denoiser], digits: Digits, device: torch.device, options: argparse.Namespace
) -> None:
    kind, seed = _kinds(options)[0], options.seed
    if options.picture:
        sheets.save_results(options.picture, digits, denoisers[0], kind=kind, seed=seed)
    if options.examples:
        read = load_classifier(options.reader or READER, device)
        sheets.save_figure(options.examples, figures.denoised_figure(denoisers, digits, read, kind=kind, seed=seed))


def _check_files(options: argparse.Namespace) -> None:
    """Whether all that is to be written can be, before anything is computed."""
    for path in options.update or ():
        check_place(path, options.table)
    for option, suffix in (("picture", ".png"), ("examples", ".png"), ("csv", ".csv")):
        _check_file(options, option, suffix)
    for option in ("picture", "examples"):
        if getattr(options, option) and not _chosen_models(options):
            raise ValueError(f"--{option} shows what a network makes of digits: name one with --model")


def _check_file(options: argparse.Namespace, option: str, suffix: str) -> None:
    path = getattr(options, option)
    if path and (path.suffix != suffix or not path.parent.is_dir()):
        raise ValueError(f"--{option} {path}: name a file that ends in {suffix}, in a folder that exists")


def _denoised(
    contenders: list[Contender], digits: Digits, device: torch.device, options: argparse.Namespace
) -> tuple[dict[str, Any], str]:
    """The scores of denoisers, and the table of them."""
    kinds = _kinds(options)
    read = load_classifier(options.reader or READER, device) if digits.labels is not None else None
    scored = [min(contender.most or len(digits), len(digits)) for contender in (NOTHING, *contenders)]
    pictures = sum(scored) * (len(SCORED_AMOUNTS) + 1) * len(kinds)
    with tqdm(total=pictures, unit="picture", disable=options.json) as bar:
        how = dict(split=options.split, kinds=kinds, seed=options.seed, read=read, device=device, tick=bar.update)
        facts = compare(contenders, digits, **how)
    for method in left_out(options.methods or ()):
        warn(f"{method} is left out: its package is not installed")
    for row in facts["rows"]:
        if "error" in row:
            warn(row["error"])
    if options.csv:
        write_atomically(options.csv, results_csv(facts).encode())
    return facts, (compact_table if options.compact else results_table)(facts)


def _kinds(options: argparse.Namespace) -> list[str]:
    chosen = options.kinds or ["blend"]
    return list(KINDS) if "all" in chosen else list(dict.fromkeys(chosen))


def _refuse_what_is_for_denoisers(options: argparse.Namespace, name: str) -> None:
    for option in ("kinds", "reader", "methods", "method", "csv", "compact"):
        if getattr(options, option) is not None:
            raise ValueError(f"--{option} is for denoisers, and {name} reads digits, clean ones: leave it out")


def _read(readers: list[Reader], digits: Digits, options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """The same of classifiers."""
    times = 2 if options.examples else 1  # that all of them are read
    with tqdm(total=times * len(digits) * len(readers), unit="picture", disable=options.json) as bar:
        facts = compare_readers(readers, digits, split=options.split, tick=bar.update)
        if options.examples:
            figure = figures.readings_figure(readers, digits, seed=options.seed, tick=bar.update)
            sheets.save_figure(options.examples, figure)
    if options.picture:
        sheets.save_readings(options.picture, digits, readers[0], seed=options.seed)
    return facts, readers_table(facts)


def _chosen_models(options: argparse.Namespace) -> list[str]:
    methods, own = options.methods or [], options.method or []
    everybody = [READER] if options.examples else ["all"]  # where nobody is named
    models = options.model or (everybody if not (methods or own) else ["all"] if "all" in methods else [])
    return [info.name for info in available()] if models == ["all"] else models


def denoise(options: argparse.Namespace) -> None:
    """Denoise one picture; with an amount, drown it first and say how much came back."""
    denoiser = load(options.model, chosen_device(options.device))
    pixels = read_picture_file(options.picture)
    out = options.out or options.picture.with_name(options.picture.stem + "-denoised.png")
    facts: dict[str, Any] = {"out": str(out), "model": denoiser.info.name, "device": str(denoiser.device)}
    if options.told and options.amount is None:
        raise ValueError("--told tells the kind and amount of noise that is added: give --amount, or leave out --told")
    if options.amount is None:
        denoised = denoiser(from_bytes(nearest(pixels)))
    else:
        sight = look(shrink(pixels, PHOTO_SIDE))
        clean = sight.digit
        if sight.several:
            raise ValueError(f"{options.picture}: there are several things in it; cut out the one digit that is meant")
        if not clean.any():
            raise ValueError(f"{options.picture}: there is no ink in it; draw a digit first")
        generator = torch.Generator().manual_seed(options.seed)
        noisy = corrupt(clean, options.amount, options.kind, generator=generator)
        denoised = denoiser(noisy, options.kind, options.amount) if options.told else denoiser(noisy)
        facts |= {f"psnr_{name}": round(float(psnr(x, clean)), 2) for name, x in _named(noisy, denoised)}
        facts |= {f"ssim_{name}": round(float(ssim(x, clean)), 4) for name, x in _named(noisy, denoised)}
    write_picture(out, denoised)
    report(options, facts, f"Wrote {out}" + listed({k: v for k, v in facts.items() if "_" in k}, before=": "))


def _named(noisy: Tensor, denoised: Tensor) -> list[tuple[str, Tensor]]:
    return [("noisy", noisy), ("denoised", denoised)]


def data(options: argparse.Namespace) -> None:
    """Say which digits there are and where from."""
    _check_file(options, "sheet", ".png")
    if options.download and missing_files():
        say(options, f"Downloaded MNIST to {download_mnist(progress=not options.json)}")
    digits = load_digits(options.data, options.split)
    counts = torch.bincount(digits.labels, minlength=10).tolist() if digits.labels is not None else []
    if options.preview:
        sheets.save_preview(options.preview, digits, seed=options.seed)
    if options.sheet:
        sheets.save_figure(options.sheet, figures.data_figure(digits, options.split, seed=options.seed))
    facts = {"data": digits.source, "split": options.split, "digits": len(digits), "counts": counts}
    each = ", ".join(f"{digit}: {count:,}" for digit, count in enumerate(counts))
    report(options, facts, f"{digits.source}, {options.split}: {len(digits):,} digits ({each or 'without labels'})")
