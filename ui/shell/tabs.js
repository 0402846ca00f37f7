// Gradio's row of tabs, completed to the ARIA pattern: the arrow keys move between them, and Tab leaves them.

class Tabs {
  // `chosen(id)` is called when a visitor, or a script that clicks for one, has chosen a tab.
  constructor(chosen) {
    this.chosen = chosen;
    document.addEventListener('click', ({ target }) => {
      const tab = this.#tabOf(target);
      if (tab && !this.quiet) chosen(tab.dataset.tabId);
    });
    document.addEventListener('keydown', (event) => this.#move(event));
  }

  // Whenever Gradio may have drawn the row, which it does now and then anew; true when it has for the first time.
  find() {
    const row = document.querySelector('[role="tablist"]');
    if (!row?.querySelector('[role="tab"]') || row === this.row) return false;
    const first = !this.row;
    this.row = row;
    new MutationObserver(() => this.#tidy()).observe(row, { childList: true, attributeFilter: ['aria-selected'], subtree: true });
    this.#tidy();
    return first;
  }

  get all() {
    return [...document.querySelectorAll('[role="tablist"] [role="tab"]')];
  }

  get ids() {
    return this.all.map((tab) => tab.dataset.tabId);
  }

  get current() {
    return this.all.find((tab) => tab.ariaSelected === 'true')?.dataset.tabId;
  }

  // As a click does, but nobody has chosen it.
  open(id) {
    if (this.current === id) return;
    this.quiet = true;
    this.all.find((tab) => tab.dataset.tabId === id)?.click();
    this.quiet = false;
  }

  #tabOf(node) {
    return node.closest?.('[role="tablist"] [role="tab"]');
  }

  #move(event) {
    const tab = this.#tabOf(event.target);
    if (!tab || event.ctrlKey || event.metaKey || event.altKey) return;
    const { ids } = this;
    const at = ids.indexOf(tab.dataset.tabId);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: ids.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const wanted = this.all.at(next % ids.length);
    wanted.click();
    wanted.focus();
  }

  #tidy() {
    for (const tab of this.all) {
      tab.tabIndex = tab.ariaSelected === 'true' ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls'))?.setAttribute('aria-labelledby', tab.id);
    }
  }
}
