// A network that another tab wants to see compared. Gradio draws the Compare tab only when it is first opened: until
// then the wish is kept here.

const wishes = new EventTarget();
/** @type {string | null} */ let wished = null;

export const comparing = {
  /**
   * Opens the Compare tab for this network.
   * @param {string} token
   */
  open(token) {
    wished = token;
    /** @type {HTMLElement | null} */ const tab = document.querySelector('[role="tab"][data-tab-id="compare"]');
    tab?.click();
    wishes.dispatchEvent(new Event('wish'));
  },

  // The token that is wished for, once.
  take() {
    const token = wished;
    wished = null;
    return token;
  },

  /** @param {() => void} run called at every wish */
  onWish(run) {
    wishes.addEventListener('wish', run);
  },
};
