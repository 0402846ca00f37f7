// The same digits all the time, each a column: noisy over denoised over clean, or of a classifier the digit over what it
// is read as. Where it is narrow, in two lines.

const ROWS = ['noisy', 'denoised', 'clean'];
const NARROW = 560;  // px; below this the columns stand in two lines
const LARGEST = 168; // px: side of one picture
const BESIDE = 448;  // px of height that all else needs beside the digits; on a small screen one scrolls

class Samples {
  constructor(root) {
    this.root = root;
    this.labels = [];
    this.reads = false;
    this.readings = [];
    this.pictures = { noisy: null, denoised: null, clean: null };
    new ResizeObserver(() => this.#fit()).observe(root);
    window.addEventListener('resize', () => this.#fit());
  }

  // Which digits will stand here: null is the visitor's own. Where they are others, their places are empty at first.
  plan(labels, reads) {
    if (String(labels) !== String(this.labels) || reads !== this.reads || !this.cells) {
      Object.assign(this, { labels, reads });
      this.lines = 0;
      this.clear();
      this.#fit();
    }
  }

  clear() {
    for (const row of ROWS) {
      if (this.cells) this.show(row, null);
      else this.pictures[row] = null;
    }
    this.showReadings(null);
  }

  // What the network makes of the digits: pictures, or of a classifier ten probabilities for each.
  showResult(bytes) {
    if (this.reads) this.showReadings(bytes);
    else this.show('denoised', bytes);
  }

  showReadings(shares) {
    this.shares = shares;
    this.root.dataset.read = shares ? 'shown' : '';
    this.readings.forEach((reading, i) => reading.show(shares?.subarray(10 * i, 10 * i + 10) ?? null));
    if (this.reads) this.#describe();
  }

  // `pixels` holds all pictures of a row, 28×28 each; null empties it.
  show(row, pixels) {
    this.pictures[row] = pixels;
    this.root.dataset[row] = pixels ? 'shown' : '';
    this.cells[row].forEach((canvas, i) => {
      canvas.classList.toggle('empty', !pixels);
      if (pixels) paintGrey(canvas, pixels.subarray(784 * i, 784 * (i + 1)));
      else canvas.getContext('2d').clearRect(0, 0, 28, 28);
    });
  }

  // The visitor's own digit, known before there is a run; the other places wait for theirs.
  sketch(own) {
    for (const [row, picture] of Object.entries(own)) {
      const canvas = this.cells[row][0];
      canvas?.classList.remove('empty');
      canvas?.getContext('2d').drawImage(picture, 0, 0);
    }
  }

  #fit() {
    const [width, count] = [this.root.clientWidth, this.labels.length];
    if (!width || !count) {
      this.cells ??= Object.fromEntries(ROWS.map((row) => [row, []]));
      return;
    }
    const lines = width < NARROW && count > 5 ? 2 : 1;
    if (lines !== this.lines) this.#build(lines);
    const columns = Math.ceil(count / lines);
    const across = (width - 22 - 2 * (columns - 1)) / columns;
    const rows = this.reads ? 2 : 3;
    const down = matchMedia('(max-width: 1000px)').matches ? LARGEST : Math.max(56, (innerHeight - BESIDE) / rows);
    const room = Math.min(across, down);
    // A whole number of the screen's pixels for each of 28, where that costs little.
    const whole = Math.floor(room * devicePixelRatio / 28) * 28 / devicePixelRatio;
    const side = Math.min(LARGEST, whole > 0.88 * room ? whole : room);
    const { style } = this.root.parentElement;  // the curve below them takes what they leave
    style.setProperty('--cell', `${side}px`);
    style.setProperty('--lines', lines);
    style.setProperty('--rows', rows);
  }

  #build(lines) {
    this.lines = lines;
    this.root.dataset.kind = this.reads ? 'reads' : 'denoises';
    this.readings = [];
    this.cells = Object.fromEntries(ROWS.map((row) => [row, []]));
    const columns = Math.ceil(this.labels.length / lines);
    this.root.replaceChildren(...Array.from({ length: lines }, (_, i) => (
      this.#line(this.labels.slice(i * columns, (i + 1) * columns)))));
    this.#describe();
    const size = 784 * this.labels.length;
    for (const row of ROWS) this.show(row, this.pictures[row]?.length === size ? this.pictures[row] : null);
    this.showReadings(this.shares?.length === 10 * this.labels.length ? this.shares : null);
  }

  #describe() {
    const digits = this.labels.map((label) => label ?? text.yours).join(', ');
    const readings = this.readings.map(({ words }) => words).filter(Boolean).join('; ');
    const words = this.reads ? text.samples_read_about : text.samples_about;
    this.root.setAttribute('aria-label', withDetails(words, { digits, readings: readings || '–' }));
  }

  #line(labels) {
    const line = Object.assign(document.createElement('div'), { className: 'line' });
    for (const row of this.reads ? ['clean'] : ROWS) {
      line.append(this.#name(row, this.reads ? text.row_digit : text[`row_${row}`]));
      line.append(...labels.map((label) => this.#cell(row, label)));
    }
    if (this.reads) {
      const readings = labels.map((label) => new Reading(label));
      this.readings.push(...readings);
      line.append(this.#name('read', text.row_read), ...readings.map(({ cell }) => cell));
    }
    line.style.setProperty('--columns', labels.length);
    return line;
  }

  #name(row, textContent) {
    return Object.assign(document.createElement('span'), { className: `name ${row}`, textContent });
  }

  #cell(row, label) {
    const canvas = Object.assign(document.createElement('canvas'), { width: 28, height: 28 });
    canvas.dataset.digit = label ?? '';
    const cell = Object.assign(document.createElement('span'), { className: `cell ${row}` });
    cell.classList.toggle('own', label === null);
    cell.dataset.digit = label ?? text.yours;
    cell.append(canvas);
    this.cells[row].push(canvas);
    return cell;
  }
}
