// A few short stops on the real controls: a ring around each, and a card beside it that says what it is.

const MARGIN = 12;  // px between card, ring and the edges of the screen
const REACH = 6;    // px by which the ring is wider than the control

const STOPS = [
  { name: 'noise', tab: 'draw', at: '.board .slider' },
  { name: 'network', tab: 'draw', at: '.board .setting:has(.model)' },
  { name: 'psnr', tab: 'draw', at: '.board .denoised .scores' },
  { name: 'reader', tab: 'draw', at: '.board .reader.after' },
  { name: 'training', tab: 'train', at: '.training .go' },
];

class Tour {
  // `moved(stop)` follows every step, `closed(focus)` the end, with the control that should get the focus.
  constructor(root, { details, moved, closed }) {
    Object.assign(this, { details, moved, closed, at: null });
    const $ = this.$ = (selector) => root.querySelector(selector);
    $('.back').addEventListener('click', () => this.go(this.at - 1));
    $('.next').addEventListener('click', () => (this.at < STOPS.length - 1 ? this.go(this.at + 1) : this.close(this.target)));
    $('.close').addEventListener('click', () => this.close());
    document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') this.close(); });
  }

  get target() {
    return document.querySelector(STOPS[this.at].at);
  }

  // At a stop, from 0; opens the tour where it is closed.
  go(at) {
    const opening = this.at === null;
    this.at = Math.min(Math.max(at, 0), STOPS.length - 1);
    const { name } = STOPS[this.at];
    this.moved(STOPS[this.at], this.at);
    this.$('.place').textContent = withDetails(text.tour_place, { at: this.at + 1, all: STOPS.length });
    this.$('h2').textContent = text[`tour_${name}`];
    this.$('#tour-text').textContent = withDetails(text[`tour_${name}_text`], this.details);
    this.$('.next').textContent = this.at < STOPS.length - 1 ? text.tour_next : text.tour_done;
    if (this.at === 0 && document.activeElement === this.$('.back')) this.$('.next').focus();
    this.$('.back').hidden = this.at === 0;
    this.seen = null;
    if (!opening) return;
    for (const part of ['.ring', '.card']) {
      this.$(part).hidden = false;
      this.$(part).showPopover?.();
    }
    this.$('.next').focus({ preventScroll: true });
    this.#follow();
  }

  close(focus) {
    if (this.leave()) this.closed(focus);
  }

  // Closes it without a word to anybody; false where it is not open.
  leave() {
    if (this.at === null) return false;
    this.at = null;
    for (const part of ['.ring', '.card']) {
      this.$(part).hidePopover?.();
      this.$(part).hidden = true;
    }
    return true;
  }

  // While it is open, once a frame: the control may appear, move and scroll, and its card stays with it.
  #follow() {
    if (this.at === null) return;
    const { target } = this;
    const box = target?.getBoundingClientRect();
    this.$('.ring').style.visibility = box?.width ? 'visible' : 'hidden';
    if (box?.width && this.seen !== target) {
      this.seen = target;
      this.#scrollTo(box);
    } else if (box?.width) this.#place(box);
    requestAnimationFrame(() => this.#follow());
  }

  // Nowhere, if it is seen and the card fits above or below; else to the middle, where the card fits then; else to the
  // top, with the card below, or to the bottom, if the page ends.
  #scrollTo(box) {
    const needed = this.$('.card').offsetHeight + 2 * MARGIN + REACH;
    const fits = Math.max(box.top, innerHeight - box.bottom) >= needed;
    if (fits && box.top >= MARGIN && box.bottom <= innerHeight - MARGIN) return;
    const middle = (innerHeight - box.height) / 2;
    scrollBy(0, box.top - (middle >= needed ? middle : MARGIN));
    const { top, bottom } = this.target.getBoundingClientRect();
    if (Math.max(top, innerHeight - bottom) < needed) scrollBy(0, bottom - innerHeight + MARGIN);
  }

  #place(box) {
    const card = this.$('.card');
    const [width, height, gap] = [card.offsetWidth, card.offsetHeight, MARGIN + REACH];
    const within = (value, size, room) => Math.max(MARGIN, Math.min(value, room - size - MARGIN));
    const below = box.bottom + gap + height + MARGIN <= innerHeight;
    const above = box.top - gap - height >= MARGIN;
    const beside = box.right + gap + width + MARGIN <= innerWidth;
    const left = below || above || !beside ? box.left + (box.width - width) / 2 : box.right + gap;
    const top = below ? box.bottom + gap : above ? box.top - gap - height : beside ? box.top : innerHeight;
    this.#set(card, { left: within(left, width, innerWidth), top: within(top, height, innerHeight) });
    this.#set(this.$('.ring'), {
      left: box.left - REACH, top: box.top - REACH, width: box.width + 2 * REACH, height: box.height + 2 * REACH,
    });
  }

  #set(node, places) {
    for (const [name, value] of Object.entries(places)) {
      const wanted = `${Math.round(value)}px`;
      if (node.style[name] !== wanted) node.style[name] = wanted;
    }
  }
}
