// The same digits all the time, each a column: noisy over denoised over clean. Where it is narrow, in two lines.

const ROWS = ['noisy', 'denoised', 'clean'];
const NARROW = 560;  // px; below this the columns stand in two lines
const LARGEST = 168; // px: side of one picture
const BESIDE = 448;  // px of height that all else needs beside the digits; on a small screen one scrolls

class Samples {
  constructor(root) {
    this.root = root;
    this.labels = [];
    this.pictures = { noisy: null, denoised: null, clean: null };
    new ResizeObserver(() => this.#fit()).observe(root);
    window.addEventListener('resize', () => this.#fit());
  }

  // Which digits will stand here: null is the visitor's own. Where they are others, their places are empty at first.
  plan(labels) {
    if (String(labels) !== String(this.labels) || !this.cells) {
      this.labels = labels;
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
    const down = matchMedia('(max-width: 1000px)').matches ? LARGEST : Math.max(56, (innerHeight - BESIDE) / 3);
    const room = Math.min(across, down);
    // A whole number of the screen's pixels for each of 28, where that costs little.
    const whole = Math.floor(room * devicePixelRatio / 28) * 28 / devicePixelRatio;
    const side = Math.min(LARGEST, whole > 0.88 * room ? whole : room);
    const { style } = this.root.parentElement;  // the curve below them takes what they leave
    style.setProperty('--cell', `${side}px`);
    style.setProperty('--lines', lines);
  }

  #build(lines) {
    this.lines = lines;
    this.cells = Object.fromEntries(ROWS.map((row) => [row, []]));
    const columns = Math.ceil(this.labels.length / lines);
    this.root.replaceChildren(...Array.from({ length: lines }, (_, i) => (
      this.#line(this.labels.slice(i * columns, (i + 1) * columns)))));
    const digits = this.labels.map((label) => label ?? text.yours).join(', ');
    this.root.setAttribute('aria-label', withDetails(text.samples_about, { digits }));
    const size = 784 * this.labels.length;
    for (const row of ROWS) this.show(row, this.pictures[row]?.length === size ? this.pictures[row] : null);
  }

  #line(labels) {
    const line = Object.assign(document.createElement('div'), { className: 'line' });
    for (const row of ROWS) {
      const name = Object.assign(document.createElement('span'), { className: `name ${row}` });
      name.textContent = text[`row_${row}`];
      line.append(name, ...labels.map((label) => this.#cell(row, label)));
    }
    line.style.setProperty('--columns', labels.length);
    return line;
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
