// Sliders under a finger. One that scrolls the page across a slider leaves it alone: it follows a sideways drag, or a
// tap. Mouse, keyboard and screen readers move the browser's own input as ever.

const SLOP = 8;    // px; a finger that moved less only tapped
const REACH = 22;  // px from the middle of the thumb: whoever begins there holds it, and it does not jump

/**
 * @typedef {object} Finger
 * @property {number} id
 * @property {HTMLInputElement} slider
 * @property {number} x where it began, as is `y`
 * @property {number} y
 * @property {string} value of the slider, as the finger moved it
 * @property {number} grip px from the middle of the thumb
 * @property {boolean | null} sideways null until it has moved
 */

/**
 * Every slider in `root`, also one that comes later. Its `--thumb-width` says how wide its thumb is.
 * @param {HTMLElement} root
 */
export function followSideways(root) {
  /** @type {Finger | null} */ let finger = null;  // the one that is on a slider
  root.addEventListener('pointerdown', (event) => {
    const slider = sliderOf(event.target);
    if (!finger && slider && event.pointerType !== 'mouse') finger = fingerOn(slider, event);
  }, true);
  // The browser moves the thumb as soon as it is touched. That is taken back before anybody hears of it.
  root.addEventListener('input', (event) => {
    if (!finger || !event.isTrusted || event.target !== finger.slider) return;
    event.stopImmediatePropagation();
    finger.slider.value = finger.value;
  }, true);
  root.addEventListener('pointermove', (event) => {
    if (finger && event.pointerId === finger.id) follow(finger, event);
  });
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) {  // cancelled: the browser scrolls
    root.addEventListener(end, (event) => {
      if (!finger || event.pointerId !== finger.id) return;
      const { slider, sideways } = finger;
      if (end === 'pointerup' && sideways === null) slideTo(finger, event.clientX);
      finger = null;
      if (end === 'pointerup') slider.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}

/** @param {EventTarget | null} target */
function sliderOf(target) {
  return target instanceof HTMLInputElement && target.matches('[type="range"]:enabled') ? target : null;
}

/**
 * @param {HTMLInputElement} slider
 * @param {PointerEvent} event
 * @returns {Finger}
 */
function fingerOn(slider, { pointerId: id, clientX: x, clientY: y }) {
  const { left, width } = trackOf(slider);
  const [lowest, highest] = [Number(slider.min), Number(slider.max)];
  const share = (slider.valueAsNumber - lowest) / (highest - lowest || 1);
  const off = x - (left + width * share);
  return { id, slider, x, y, value: slider.value, grip: Math.abs(off) <= REACH ? off : 0, sideways: null };
}

/**
 * @param {Finger} finger
 * @param {PointerEvent} event
 */
function follow(finger, { clientX, clientY }) {
  const [across, along] = [Math.abs(clientX - finger.x), Math.abs(clientY - finger.y)];
  if (finger.sideways === null && Math.max(across, along) >= SLOP) finger.sideways = across > along;
  if (finger.sideways) slideTo(finger, clientX);
}

/**
 * @param {Finger} finger
 * @param {number} x
 */
function slideTo(finger, x) {
  const { slider, grip } = finger;
  const { left, width } = trackOf(slider);
  const [lowest, highest] = [Number(slider.min), Number(slider.max)];
  slider.value = String(lowest + (highest - lowest) * (x - grip - left) / width);
  if (slider.value === finger.value) return;
  finger.value = slider.value;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * Where the middle of the thumb can be.
 * @param {HTMLInputElement} slider
 */
function trackOf(slider) {
  const { left, width } = slider.getBoundingClientRect();
  const thumb = parseFloat(getComputedStyle(slider).getPropertyValue('--thumb-width')) || 18;
  return { left: left + thumb / 2, width: width - thumb };
}
