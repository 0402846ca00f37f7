"""Packages that are needed for some things only; pyproject.toml has an extra for each of these."""

from importlib import import_module

# The extra → the module that is imported, and the package that brings it.
EXTRAS = {
    "photos": ("scipy.ndimage", "scipy"),
    "download": ("pooch", "pooch"),
    "logs": ("torch.utils.tensorboard", "tensorboard"),
    "onnx": ("onnxruntime", "onnxruntime"),
    "export": ("onnxscript", "onnxscript"),
    "classical": ("skimage.restoration", "scikit-image"),
    "wavelets": ("pywt", "PyWavelets"),
    "bm3d": ("bm3d", "bm3d"),
}


def is_installed(extra: str) -> bool:
    """Whether the package of an extra, a key of `EXTRAS`, can be imported."""
    try:
        import_module(EXTRAS[extra][0])
    except ImportError:
        return False
    return True


def require(extra: str, purpose: str) -> None:
    """Make sure that the package of an extra can be imported.

    Args:
        extra: a key of `EXTRAS`.
        purpose: what takes it, the beginning of the line that says so.

    Raises:
        ValueError: it is not installed; one line says what to install.
    """
    if not is_installed(extra):
        package = EXTRAS[extra][1]
        remedy = f'pip install {package}, or digit-denoiser with its extra "{extra}"'
        raise ValueError(f"{purpose} needs the package {package}: {remedy}")
