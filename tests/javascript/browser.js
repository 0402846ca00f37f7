// What of a browser the tested scripts need, as little as that: node runs this before each of them.

globalThis.window = new EventTarget();
globalThis.document = new EventTarget();
Object.defineProperty(globalThis, 'navigator', { value: { language: 'en-US' } });
globalThis.requestAnimationFrame = (run) => setTimeout(run, 0);

class Storage {
  #kept = new Map();

  getItem(key) { return this.#kept.get(key) ?? null; }

  setItem(key, value) {
    if (this.full) throw new Error('full');
    this.#kept.set(key, String(value));
  }

  removeItem(key) { this.#kept.delete(key); }

  clear() { this.#kept.clear(); }
}
globalThis.localStorage = new Storage();
globalThis.sessionStorage = new Storage();
