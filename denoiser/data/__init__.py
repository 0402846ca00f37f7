"""Digits to train and test on: read from files, found by name, downloaded, or made by the project itself."""

from denoiser.data.digits import Digits, chosen_digits, concatenate
from denoiser.data.download import download_in_background, download_mnist, missing_files
from denoiser.data.files import read_digits, read_labels
from denoiser.data.handwriting import handwritten_digits
from denoiser.data.kept import data_stamp, kept_digits
from denoiser.data.sets import MnistFiles, data_folder, find_mnist, find_strokes, limited, load_digits, split_indices
from denoiser.data.strokes import draw_strokes, read_stroke_file, stroke_digits

__all__ = [
    "Digits",
    "MnistFiles",
    "chosen_digits",
    "concatenate",
    "data_folder",
    "data_stamp",
    "download_in_background",
    "download_mnist",
    "draw_strokes",
    "find_mnist",
    "find_strokes",
    "handwritten_digits",
    "kept_digits",
    "limited",
    "load_digits",
    "missing_files",
    "read_digits",
    "read_labels",
    "read_stroke_file",
    "split_indices",
    "stroke_digits",
]
