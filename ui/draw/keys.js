// Keys that every drawing program knows, and the example digits: a row of buttons that is one stop of the Tab key.

import { make } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';

/**
 * What a stroke of the keyboard means: undo, redo, or neither.
 * @param {Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>} event
 */
export function historyKey({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' && !shiftKey ? 'redo' : null;
}

/**
 * The arrows go from button to button, Home and End to the first and the last.
 * @param {HTMLElement} toolbar
 */
export function rove(toolbar) {
  const buttons = [...toolbar.querySelectorAll('button')];
  /** @param {EventTarget | null} chosen */
  const here = (chosen) => buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
  here(buttons[0]);
  toolbar.addEventListener('focusin', ({ target }) => here(target));
  toolbar.addEventListener('keydown', (event) => {
    const at = buttons.findIndex((button) => button === event.target);
    const to = placeAfter(event.key, at);
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons.at(to % buttons.length)?.focus();
  });
}

/**
 * @param {string} key
 * @param {number} at
 * @returns {number | undefined}
 */
function placeAfter(key, at) {
  if (key === 'ArrowDown' || key === 'ArrowRight') return at + 1;
  if (key === 'ArrowUp' || key === 'ArrowLeft') return at - 1;
  return key === 'Home' ? 0 : key === 'End' ? -1 : undefined;
}

/**
 * @param {number} label
 * @param {(label: number) => void} fetch
 */
export function exampleButton(label, fetch) {
  const words = withDetails(text.example_digit, { label });
  const button = make('button', { type: 'button', className: 'example', textContent: String(label), title: words });
  button.setAttribute('aria-label', words);
  button.addEventListener('click', () => fetch(label));
  return button;
}
