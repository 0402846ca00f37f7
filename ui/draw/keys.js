// Keys that every drawing program knows, and the example digits: a row of buttons that is one stop of the Tab key.

function historyKey({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' && !shiftKey ? 'redo' : null;
}

// The arrows go from button to button, Home and End to the first and the last.
function rove(toolbar) {
  const buttons = [...toolbar.querySelectorAll('button')];
  const here = (chosen) => buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
  here(buttons[0]);
  toolbar.addEventListener('focusin', ({ target }) => here(target));
  toolbar.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
}

function exampleButton(label, fetch) {
  const words = withDetails(text.example_digit, { label });
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'example', textContent: label });
  button.title = words;
  button.setAttribute('aria-label', words);
  button.addEventListener('click', () => fetch(label));
  return button;
}
