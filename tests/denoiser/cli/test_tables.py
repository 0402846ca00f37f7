"""The compact table: which figures stand in it, and which are the best."""

from denoiser.cli.tables import compact_table


def row(name, kind, psnr, **more):
    return {"name": name, "parameters": 0, "kind": kind, "psnr": psnr, "mse": dict.fromkeys(psnr, 0.1)} | more


FACTS = {"digits": 1000, "data": "MNIST", "split": "test", "seed": 3, "hardware": "a machine, 2 threads", "torch": "2"}
ROWS = [
    row("noisy", "blend", {"0.5": 10.0, "uniform": 9.0}),
    row("a", "blend", {"0.5": 20.0, "uniform": 19.111}, parameters=1234),
    row("b", "blend", {"0.5": 21.0, "uniform": 18.0}, digits=200),
    row("noisy", "speckle", {"0.5": 11.0, "uniform": 12.0}),
    {"name": "a", "parameters": 1234, "kind": "speckle", "error": "a, speckle: no luck"},
    row("c", "speckle", {"0.5": 30.0, "uniform": 31.0}),
]


def test_every_amount_of_the_first_kind_and_all_together_of_the_others():
    lines = compact_table(FACTS | {"rows": ROWS}).splitlines()
    assert lines[0] == "| PSNR, dB | weights | blend 0.5 | blend U(0, 1) | speckle U(0, 1) |"
    assert lines[2:6] == [
        "| noisy | – | 10.00 | 9.00 | 12.00 |",
        "| a | 1,234 | 20.00 | **19.11** | – |",
        "| b, 200 digits | – | **21.00** | 18.00 | – |",
        "| c | – | – | – | **31.00** |",
    ]
    assert "1,000 digits (MNIST, test), noise seed 3" in lines[-1] and "a machine, 2 threads, torch 2" in lines[-1]
