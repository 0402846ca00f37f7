// What stays in this browser from visit to visit. A browser may forbid to keep anything; the page then works until it
// is closed.

export const kept = {
  /**
   * @param {string} key
   * @returns {string | null}
   */
  get(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  },

  /**
   * @param {string} key
   * @param {string | null} value null removes it
   */
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch { /* full, or forbidden */ }
  },
};
