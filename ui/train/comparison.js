// The visitor's network beside the shipped one, on the visitor's digit, while the amount of noise moves.

class Comparison {
  // `state()` gives what to ask, or null without a digit; `ask(state)` promises an answer; `shown()` after it is seen.
  constructor(root, { state, ask, shown, lost }) {
    Object.assign(this, { root, state, shown });
    root.innerHTML = `<div class="four"></div><div class="slider"><label for="compare-amount"></label>
      <input id="compare-amount" type="range" min="0" max="100" step="1" value="70"><output></output></div>`;
    this.slider = root.querySelector('input');
    root.querySelector('label').textContent = text.amount;
    this.views = Object.fromEntries(['digit', 'noisy', 'mine', 'shipped'].map((name) => [name, this.#view(name)]));
    const show = (answer) => this.#show(answer, lost);
    this.link = new Link({ state, ask, show, lost: () => lost('lost'), busy: () => {} });
    this.slider.addEventListener('input', (event) => this.update(event.timeStamp));
  }

  get amount() { return this.slider.valueAsNumber / 100; }

  update(time) {
    this.root.querySelector('output').textContent = `${this.slider.value} %`;
    if (this.state()) this.link.touch(time);
  }

  #show(answer, lost) {
    if (!answer.mine) return lost(answer.hint ?? 'refused', answer);
    for (const [name, view] of Object.entries(this.views)) {
      if (name === 'digit') {
        paintGrey(view.canvas, fromBase64(answer.digit));
        continue;
      }
      const { pixels, psnr, readings, equal } = answer[name];
      paintGrey(view.canvas, fromBase64(pixels));
      const read = readings.indexOf(Math.max(...readings));
      view.score.textContent = `${equal ? '∞' : psnr.toFixed(1)} dB`;
      view.read.textContent = `${text.reads} ${read} · ${Math.round(100 * readings[read])}\u00a0%`;
      view.canvas.setAttribute('aria-label', [view.title, view.score.textContent, view.read.textContent].join(' '));
    }
    this.shown();
    this.root.dataset.updates = Number(this.root.dataset.updates ?? 0) + 1;
  }

  #view(name) {
    const title = text[`compare_${name}`];
    const figure = Object.assign(document.createElement('figure'), { className: name });
    figure.innerHTML = `<canvas width="28" height="28" role="img"></canvas>
      <figcaption><b></b><span class="score"></span><span class="read"></span></figcaption>`;
    const [canvas, heading, score, read] = ['canvas', 'b', '.score', '.read'].map((part) => figure.querySelector(part));
    heading.textContent = title;
    score.title = text.psnr_about;
    canvas.setAttribute('aria-label', title);
    this.root.firstChild.append(figure);
    return { canvas, score, read, title };
  }
}
