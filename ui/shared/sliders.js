// Sliders under a finger. One that scrolls the page across a slider leaves it alone: it follows a sideways drag, or a
// tap. Mouse, keyboard and screen readers move the browser's own input as ever.

const SLOP = 8;    // px; a finger that moved less only tapped
const REACH = 22;  // px from the middle of the thumb: whoever begins there holds it, and it does not jump

// Every slider in `root`, also one that comes later. Its `--thumb-width` says how wide its thumb is.
function followSideways(root) {
  let finger = null;  // the one that is on a slider
  root.addEventListener('pointerdown', (event) => {
    if (finger || event.pointerType === 'mouse' || !event.target.matches('input[type="range"]:enabled')) return;
    finger = fingerOn(event.target, event);
  }, true);
  // The browser moves the thumb as soon as it is touched. That is taken back before anybody hears of it.
  root.addEventListener('input', (event) => {
    if (!event.isTrusted || event.target !== finger?.slider) return;
    event.stopImmediatePropagation();
    finger.slider.value = finger.value;
  }, true);
  root.addEventListener('pointermove', (event) => { if (event.pointerId === finger?.id) follow(finger, event); });
  for (const end of ['pointerup', 'pointercancel']) {  // cancelled: the browser scrolls
    root.addEventListener(end, (event) => {
      if (event.pointerId !== finger?.id) return;
      const { slider, sideways } = finger;
      if (end === 'pointerup' && sideways === null) slideTo(finger, event.clientX);
      finger = null;
      if (end === 'pointerup') slider.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}

function fingerOn(slider, { pointerId: id, clientX: x, clientY: y }) {
  const { left, width } = trackOf(slider);
  const share = (slider.valueAsNumber - slider.min) / (slider.max - slider.min || 1);
  const off = x - (left + width * share);
  return { id, slider, x, y, value: slider.value, grip: Math.abs(off) <= REACH ? off : 0, sideways: null };
}

function follow(finger, { clientX, clientY }) {
  const [across, along] = [Math.abs(clientX - finger.x), Math.abs(clientY - finger.y)];
  if (finger.sideways === null && Math.max(across, along) >= SLOP) finger.sideways = across > along;
  if (finger.sideways) slideTo(finger, clientX);
}

function slideTo(finger, x) {
  const { slider, grip } = finger;
  const { left, width } = trackOf(slider);
  const [lowest, highest] = [Number(slider.min), Number(slider.max)];
  slider.value = lowest + (highest - lowest) * (x - grip - left) / width;
  if (slider.value === finger.value) return;
  finger.value = slider.value;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
}

// Where the middle of the thumb can be.
function trackOf(slider) {
  const { left, width } = slider.getBoundingClientRect();
  const thumb = parseFloat(getComputedStyle(slider).getPropertyValue('--thumb-width')) || 18;
  return { left: left + thumb / 2, width: width - thumb };
}
