// Which colour is which digit, and the one that is brought to the front: under the mouse, at the keyboard, or pressed.

import { make } from '../shared/dom.js';

export class LatentLegend {
  /** @type {number | null} */ #pressed = null;
  /** @type {number | null} */ #near = null;

  /**
   * @param {HTMLElement} root
   * @param {(digit: number | null) => void} chosen
   */
  constructor(root, chosen) {
    this.chosen = chosen;
    this.buttons = Array.from({ length: 10 }, (_, digit) => this.#button(digit));
    root.append(...this.buttons);
  }

  /** @param {number} digit */
  #button(digit) {
    const button = make('button', { type: 'button', textContent: String(digit), ariaPressed: 'false' });
    button.style.setProperty('--own', `var(--latent-${digit})`);
    const near = (/** @type {boolean} */ is) => { this.#near = is ? digit : null; this.#tell(); };
    button.addEventListener('pointerenter', ({ pointerType }) => { if (pointerType === 'mouse') near(true); });
    button.addEventListener('pointerleave', () => near(false));
    button.addEventListener('focus', () => { if (button.matches(':focus-visible')) near(true); });
    button.addEventListener('blur', () => near(false));
    button.addEventListener('click', () => {
      this.#pressed = this.#pressed === digit ? null : digit;
      this.#tell();
    });
    return button;
  }

  #tell() {
    for (const [digit, button] of this.buttons.entries()) button.ariaPressed = String(digit === this.#pressed);
    this.chosen(this.#near ?? this.#pressed);
  }
}
