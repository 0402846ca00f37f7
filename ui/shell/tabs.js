// Gradio's row of tabs, completed to the ARIA pattern: the arrow keys move between them, and Tab leaves them.

export class Tabs {
  /** @type {Element | null} */ #row = null;
  #quiet = false;
  #labelled = false;  // whether the panel of the open tab has its name

  /**
   * @param {(id: string) => void} chosen called when a visitor, or a script that clicks for one, has chosen a tab
   * @param {() => void} opened called when another one may be open
   */
  constructor(chosen, opened) {
    this.opened = opened;
    document.addEventListener('click', ({ target }) => {
      const tab = this.#tabOf(target);
      if (tab && !this.#quiet) chosen(idOf(tab));
    });
    document.addEventListener('keydown', (event) => this.#move(event));
  }

  // Whenever Gradio may have drawn the row, which it does now and then anew; true when it has for the first time.
  find() {
    const row = document.querySelector('[role="tablist"]');
    if (row && row === this.#row && !this.#labelled) this.#tidy();  // a panel may be drawn after its tab
    if (!row?.querySelector('[role="tab"]') || row === this.#row) return false;
    const first = !this.#row;
    this.#row = row;
    const watched = { childList: true, attributeFilter: ['aria-selected'], subtree: true };
    new MutationObserver(() => this.#tidy()).observe(row, watched);
    this.#tidy();
    return first;
  }

  get all() {
    /** @type {NodeListOf<HTMLElement>} */
    const tabs = document.querySelectorAll('[role="tablist"] [role="tab"]');
    return [...tabs];
  }

  get ids() {
    return this.all.map(idOf);
  }

  get current() {
    const tab = this.all.find(({ ariaSelected }) => ariaSelected === 'true');
    return tab && idOf(tab);
  }

  /**
   * As a click does, but nobody has chosen it.
   * @param {string} id
   */
  open(id) {
    if (this.current === id) return;
    this.#quiet = true;
    this.all.find((tab) => idOf(tab) === id)?.click();
    this.#quiet = false;
  }

  /**
   * @param {EventTarget | null} node
   * @returns {HTMLElement | null}
   */
  #tabOf(node) {
    return node instanceof Element ? node.closest('[role="tablist"] [role="tab"]') : null;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const tab = this.#tabOf(event.target);
    if (!tab || event.ctrlKey || event.metaKey || event.altKey) return;
    const { ids } = this;
    const at = ids.indexOf(idOf(tab));
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: ids.length - 1 };
    const next = places[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const wanted = this.all.at(next % ids.length);
    wanted?.click();
    wanted?.focus();
  }

  #tidy() {
    for (const tab of this.all) {
      const open = tab.ariaSelected === 'true';
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      tab.tabIndex = open ? 0 : -1;
      panel?.setAttribute('aria-labelledby', tab.id);
      if (open) this.#labelled = Boolean(panel);
    }
    this.opened();
  }
}

/** @param {HTMLElement} tab */
const idOf = (tab) => tab.dataset.tabId ?? '';
