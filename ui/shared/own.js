// What this visitor trained, known by tokens that only this browser keeps; all its tabs share one list.

const OWN_KEY = 'denoiser.networks';
const RUN_KEY = 'denoiser.run';  // the token of the run that the Train tab shows
const BOOT_KEY = 'denoiser.boot';  // that token, and which server had it: after a restart it is another one
const AGAIN_KEY = 'denoiser.again';  // a run that went on, for the other tabs of this browser
const MOST_OWN = 12;

// A browser may forbid to keep anything; the page then works until it is closed.
const kept = {
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch { /* full, or forbidden */ }
  },
};

function keepOwn(list) {
  kept.set(OWN_KEY, JSON.stringify(list));
  window.dispatchEvent(new Event('denoiser-networks'));
}

const ownNetworks = {
  get all() {
    try {
      const list = JSON.parse(kept.get(OWN_KEY) ?? '[]');
      return Array.isArray(list) ? list.filter((one) => typeof one?.token === 'string') : [];
    } catch {
      return [];
    }
  },

  find(token) {
    return this.all.find((one) => one.token === token);
  },

  // { token, name, model, parameters, told, learned, drawn }: told, where it can be told the noise; learned, the kinds
  // and amounts of noise and the digits; drawn, where Draw offers it too. What is known is completed.
  add(network) {
    const known = this.find(network.token);
    const others = this.all.filter(({ token }) => token !== network.token);
    keepOwn([{ ...known, ...network }, ...others].slice(0, MOST_OWN));
  },

  remove(token) {
    if (this.find(token)) keepOwn(this.all.filter((one) => one.token !== token));
  },

  rename(token, name) {
    keepOwn(this.all.map((one) => (one.token === token ? { ...one, name } : one)));
  },

  // Back to where it was.
  insert(network, at) {
    const others = this.all.filter(({ token }) => token !== network.token);
    keepOwn([...others.slice(0, at), network, ...others.slice(at)].slice(0, MOST_OWN));
  },

  // Calls back after every change, here or in another tab of this browser.
  onChange(run) {
    window.addEventListener('denoiser-networks', run);
    window.addEventListener('storage', ({ key }) => { if (key === OWN_KEY) run(); });
  },
};
