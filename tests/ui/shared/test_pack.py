"""Packed modules do what they do apart: Node runs both."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ui.shared.pack import pack, packed_name

MODULES = {
    "a/entry.js": """// The first.
import { double, state } from '../b/tools.js';
import { Counter } from './counter.js';

const step = 1;  // everybody's favourite name
export const words = `import nothing
 export nothing`;

export function run() {
  state.calls += step;
  return [double(new Counter().next()), state.calls, later.name];
}
export async function later() { return (await import('node:path')).sep; }
""",
    "a/counter.js": """import { state } from '../b/tools.js';

const step = 10;
export class Counter { next() { return state.start + step; } }
""",
    "b/tools.js": """export const state = { start: 5, calls: 0 };
const step = 2;
export const double = (value) => step * value;
""",
}


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node here")
def test_what_is_packed_does_the_same(tmp_path: Path) -> None:
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "packed.js").write_text(pack(MODULES), "utf-8")
    (tmp_path / "check.js").write_text("""
import * as apart from './a/entry.js';
import { a_entry } from './packed.js';
const seen = async ({ run, later, words }) => [run(), run(), await later(), words];
console.log(JSON.stringify([await seen(apart), await seen(a_entry)]));
""")
    apart, packed = json.loads(subprocess.check_output(["node", tmp_path / "check.js"]))
    assert apart == packed and packed[:2] == [[30, 1, "later"], [30, 2, "later"]]


def test_a_name_stands_for_room_and_file() -> None:
    assert packed_name("train/kept_form.js") == "train_kept_form"


@pytest.mark.parametrize(
    "line",
    [
        "import tools from './b.js';",
        "import * as tools from './b.js';",
        "import { run as go } from './b.js';",
        "import './b.js';",
        "import { path } from 'node:path';",
        "export default run;",
        "export let count = 0;",
        "export { run };",
        "export * from './b.js';",
        "import { one,\n  two } from './b.js';",
    ],
)
def test_what_is_not_understood_is_not_packed(line: str) -> None:
    with pytest.raises(ValueError, match=r"a\.js has a line that is not understood"):
        pack({"a.js": f"const run = 1;\n{line}\n", "b.js": "export const run = 1;\n"})


def test_imports_must_be_there_and_lead_nowhere_back() -> None:
    with pytest.raises(ValueError, match=r"a\.js imports c\.js"):
        pack({"a.js": "import { c } from './c.js';\n"})
    for exported in ("export const two = 2;", "export const two = 2, one = 1;", "const one = 1;"):
        with pytest.raises(ValueError, match=r"a\.js imports one, which b\.js does not export"):
            pack({"a.js": "import { one } from './b.js';\n", "b.js": f"{exported}\n"})
    with pytest.raises(ValueError, match="cycle"):
        circle = {"a.js": "import { b } from './b.js';\n", "b.js": "import { a } from './a.js';\n"}
        pack({name: f"{text}export const {name[0]} = 1;\n" for name, text in circle.items()})
