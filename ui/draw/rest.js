// What waits until the visitor rests: nothing of it may cost the pen a moment.

/**
 * Runs once nothing has been told of for `ms`. To tell it costs next to nothing: the timer is not set anew each time.
 * @param {number} ms
 * @param {() => void} run
 * @returns {() => void}
 */
export function afterRest(ms, run) {
  let due = 0;
  /** @type {ReturnType<typeof setTimeout> | null} */ let timer = null;
  const look = () => {
    const left = due - performance.now();
    timer = left > 0 ? setTimeout(look, left) : null;
    if (timer === null) run();
  };
  return () => {
    due = performance.now() + ms;
    timer ??= setTimeout(look, ms);
  };
}

/**
 * Runs once the page is seen and has nothing else to do.
 * @param {() => void} run
 */
export function whenIdle(run) {
  const wait = () => {
    if (document.hidden) return document.addEventListener('visibilitychange', wait, { once: true });
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 5000 });
    else setTimeout(run, 1000);
  };
  if (document.readyState === 'complete') wait();
  else window.addEventListener('load', wait, { once: true });
}

// Tells a screen reader what is read, in a live region: each reading once.
export class Announcer {
  /** @param {HTMLElement} region */
  constructor(region) {
    this.region = region;
    this.said = '';  // what the page opens with is nobody's doing: whoever opens it puts it here
  }

  /** @param {string} words */
  say(words) {
    if (words === this.said) return;
    this.said = this.region.textContent = words;
  }
}
