// What is on the screen, to take along: a link, lines of Python, a command.

import { finder } from '../shared/dom.js';
import { text } from '../shared/words.js';

/** @typedef {'link' | 'python' | 'command'} What */

const SHOWN = 2500;  // ms for which a button says that it is done

export class Share {
  /**
   * @param {HTMLElement} root
   * @param {(what: What) => Promise<string>} make
   */
  constructor(root, make) {
    const $ = finder(root);
    this.make = make;
    this.button = $('.share', HTMLButtonElement);
    this.menu = $('.share-menu');
    this.field = $('.share-menu textarea', HTMLTextAreaElement);
    this.button.addEventListener('click', () => { if (this.open) this.#close(); else this.#open(); });
    this.menu.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button) this.#copy(button);
    });
    this.menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#close();
      this.button.focus();
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Node && !this.menu.contains(target) && !this.button.contains(target)) this.#close();
    });
  }

  get open() { return !this.menu.hidden; }

  #open() {
    this.menu.hidden = false;
    this.field.hidden = true;
    this.button.setAttribute('aria-expanded', 'true');
    this.menu.querySelector('button')?.focus();
  }

  #close() {
    this.menu.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }

  /** @param {HTMLButtonElement} button */
  async #copy(button) {
    const words = await this.make(/** @type {What} */ (button.dataset.what));
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      return this.#offer(words);
    }
    const label = text[button.dataset.text ?? ''];
    button.textContent = text.copied;
    setTimeout(() => { button.textContent = label; }, SHOWN);
  }

  // Where no script may write into the clipboard: to be copied by hand.
  /** @param {string} words */
  #offer(words) {
    this.field.hidden = false;
    this.field.value = words;
    this.field.focus();
    this.field.select();
  }
}
