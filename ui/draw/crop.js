// A photo with a square on it, whose inside will be read. Moved and resized by pointer, wheel and keys.

const LEAST_CROP = 24;  // pixels of the photo

class Crop {
  #photo;
  #square;   // { x, y, side } in pixels of the photo
  #shown;    // { k, left, top }: from pixels of the photo to those of the view
  #answer;
  #before;   // what had the focus

  constructor(frame) {
    const $ = (selector) => frame.querySelector(selector);
    Object.assign(this, { root: $('.crop'), view: $('.view'), canvas: $('.view canvas'), mark: $('.square'), under: $('.ink') });
    this.words = $('.crop p');
    $('.crop .use').addEventListener('click', () => this.#end(true));
    $('.crop .cancel').addEventListener('click', () => this.close());
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.view.addEventListener('pointerdown', (event) => this.#drag(event));
    this.view.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#resize(event.deltaY > 0 ? 1.06 : 1 / 1.06);
    }, { passive: false });
    new ResizeObserver(() => this.#draw()).observe(this.view);
  }

  // The square that the visitor agrees to, cut out of the photo as a canvas; null if there is to be none.
  ask(photo, box, words) {
    this.close();
    const known = photo === this.#photo;  // then the square is where the visitor left it
    this.#photo = photo;
    this.#before = document.activeElement;
    this.words.textContent = words;
    this.root.hidden = false;
    this.under.inert = true;
    if (!known) this.#square = this.#proposed(box);
    this.#draw();
    this.mark.focus({ preventScroll: true });
    return new Promise((answer) => { this.#answer = answer; });
  }

  close() {
    this.#end(false);
  }

  #end(use) {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.under.inert = false;
    const back = this.#before?.isConnected && this.#before !== document.body ? this.#before : this.under;
    back.focus({ preventScroll: true });
    this.#answer(use ? this.#cut() : null);
  }

  get #size() {
    return [this.#photo.naturalWidth, this.#photo.naturalHeight];
  }

  // Around what was found, with room for what was not; else the middle.
  #proposed(box) {
    const [width, height] = this.#size;
    const [left, top, right, bottom] = box ?? [0.5, 0.5, 0.5, 0.5];
    const found = Math.max((right - left) * width, (bottom - top) * height);
    const side = found ? 1.5 * found : 0.6 * Math.min(width, height);
    return this.#kept({ x: (left + right) / 2 * width - side / 2, y: (top + bottom) / 2 * height - side / 2, side });
  }

  // Within the photo, and not too small to be seen.
  #kept({ x, y, side }) {
    const [width, height] = this.#size;
    const most = Math.min(width, height);
    const kept = Math.min(most, Math.max(LEAST_CROP, most / 40, side));
    return { x: Math.max(0, Math.min(x, width - kept)), y: Math.max(0, Math.min(y, height - kept)), side: kept };
  }

  #move(square) {
    this.#square = this.#kept(square);
    this.#place();
  }

  #resize(times) {
    const { x, y, side } = this.#square;
    const other = this.#kept({ x, y, side: side * times }).side;
    this.#move({ x: x + (side - other) / 2, y: y + (side - other) / 2, side: other });
  }

  #draw() {
    if (this.root.hidden || !this.view.clientWidth) return;
    const [width, height] = this.#size;
    const [wide, high] = [this.view.clientWidth, this.view.clientHeight];
    const k = Math.min(wide / width, high / height);
    this.#shown = { k, left: (wide - width * k) / 2, top: (high - height * k) / 2 };
    Object.assign(this.canvas, { width: wide * devicePixelRatio, height: high * devicePixelRatio });
    const context = this.canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.scale(devicePixelRatio, devicePixelRatio);
    context.drawImage(this.#photo, this.#shown.left, this.#shown.top, width * k, height * k);
    this.#place();
  }

  #place() {
    const { k, left, top } = this.#shown;
    const { x, y, side } = this.#square;
    Object.assign(this.mark.style, { left: `${left + x * k}px`, top: `${top + y * k}px`, width: `${side * k}px` });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = this.#square.side * (event.shiftKey ? 0.25 : 0.05);
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    const times = { '+': 1.1, '=': 1.1, '-': 1 / 1.1 }[event.key];
    const used = event.key === 'Enter' && event.target === this.mark;  // on a button it means the button
    if (event.key === 'Escape') this.close();
    else if (used) this.#end(true);
    else if (times) this.#resize(times);
    else if (dx !== undefined) this.#move({ ...this.#square, x: this.#square.x + dx * step, y: this.#square.y + dy * step });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // At a corner: the one across stays. Elsewhere in the square: it moves. Outside: it comes here first.
  #drag(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    this.mark.focus({ preventScroll: true });
    this.view.setPointerCapture(event.pointerId);
    const corner = event.target.dataset.corner;
    if (!corner && event.target !== this.mark) this.#centre(this.#at(event));
    const [from, start] = [this.#at(event), this.#square];
    const follow = (moved) => {
      if (moved.pointerId !== event.pointerId || this.root.hidden) return;
      const [x, y] = this.#at(moved);
      if (corner) this.#pull(start, corner, x - from[0], y - from[1]);
      else this.#move({ ...start, x: start.x + x - from[0], y: start.y + y - from[1] });
    };
    const done = new AbortController();
    this.view.addEventListener('pointermove', follow, { signal: done.signal });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      this.view.addEventListener(end, () => done.abort(), { signal: done.signal });
    }
  }

  #at({ clientX, clientY }) {
    const { left, top } = this.view.getBoundingClientRect();
    return [(clientX - left - this.#shown.left) / this.#shown.k, (clientY - top - this.#shown.top) / this.#shown.k];
  }

  #centre([x, y]) {
    const { side } = this.#square;
    this.#move({ x: x - side / 2, y: y - side / 2, side });
  }

  #pull({ x, y, side }, corner, dx, dy) {
    const [west, north] = [corner.includes('w'), corner.includes('n')];
    const [width, height] = this.#size;
    const room = Math.min(west ? x + side : width - x, north ? y + side : height - y);
    const grown = Math.max(west ? -dx : dx, north ? -dy : dy);
    const other = Math.min(room, this.#kept({ x, y, side: side + grown }).side);
    this.#move({ x: west ? x + side - other : x, y: north ? y + side - other : y, side: other });
  }

  #cut() {
    const { x, y, side } = this.#square;
    const length = Math.round(Math.min(side, PHOTO_SIDE));
    const canvas = Object.assign(document.createElement('canvas'), { width: length, height: length });
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#photo, x, y, side, side, 0, 0, length, length);
    return canvas;
  }
}
