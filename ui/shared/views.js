// Several views in one tab, of which one is open: buttons above say which, and below stand the way on and the way home.

import { finder } from './dom.js';
import { nextTab } from './next_tab.js';
import { pictureOf } from './picture_of.js';
import { saveBlob } from './saving.js';
import { text, withDetails } from './words.js';

export class Views {
  /**
   * @param {HTMLElement} root whose `.views button[data-view]` open its `.view[data-view]`
   * @param {(name: string) => void} opened
   */
  constructor(root, opened) {
    this.root = root;
    this.opened = opened;
    const $ = this.$ = finder(root);
    this.#mark();
    root.addEventListener('click', ({ target }) => {
      const name = target instanceof Element ? target.closest('.views button')?.getAttribute('data-view') : null;
      if (name && name !== this.open) this.show(name);
    });
    $('.view-next').addEventListener('click', () => this.#next()?.go());
    $('.view-save').addEventListener('click', () => this.#save());
    // Gradio may draw the tabs after this one.
    new IntersectionObserver(() => this.#mark()).observe($('.view-next'));
  }

  get open() { return this.#all('.view').find(({ hidden }) => !hidden)?.dataset.view ?? ''; }

  /** @param {string} name */
  show(name) {
    for (const view of this.#all('.view')) view.hidden = view.dataset.view !== name;
    this.#mark();
    this.opened(name);
  }

  // The view after this one, or behind the last one the tab after this one.
  #next() {
    const buttons = this.#all('.views button');
    const button = buttons[buttons.findIndex(({ dataset }) => dataset.view === this.open) + 1];
    const go = () => {
      button.click();
      button.focus({ preventScroll: true });
      this.root.scrollIntoView({ block: 'nearest' });
    };
    return button ? { title: button.textContent, go } : nextTab();
  }

  async #save() {
    const view = this.#all('.view').find(({ hidden }) => !hidden);
    if (view) saveBlob(await pictureOf(view), `${this.open}.png`);
  }

  #mark() {
    for (const button of this.#all('.views button')) button.ariaPressed = String(button.dataset.view === this.open);
    const next = this.#next();
    this.$('.view-next').hidden = !next;
    this.$('.view-next').textContent = withDetails(text.view_next, { title: next?.title });
  }

  /** @param {string} selector */
  #all(selector) {
    return /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll(selector)]);
  }
}
