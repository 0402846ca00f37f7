// Several views in one tab, of which one is open: buttons above say which.

export class Views {
  /**
   * @param {HTMLElement} root whose `.views button[data-view]` open its `.view[data-view]`
   * @param {(name: string) => void} opened
   */
  constructor(root, opened) {
    this.root = root;
    this.opened = opened;
    this.#mark();
    root.addEventListener('click', ({ target }) => {
      const name = target instanceof Element ? target.closest('.views button')?.getAttribute('data-view') : null;
      if (name && name !== this.open) this.show(name);
    });
  }

  get open() { return this.#all('.view').find(({ hidden }) => !hidden)?.dataset.view ?? ''; }

  /** @param {string} name */
  show(name) {
    for (const view of this.#all('.view')) view.hidden = view.dataset.view !== name;
    this.#mark();
    this.opened(name);
  }

  #mark() {
    for (const button of this.#all('.views button')) button.ariaPressed = String(button.dataset.view === this.open);
  }

  /** @param {string} selector */
  #all(selector) {
    return /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll(selector)]);
  }
}
