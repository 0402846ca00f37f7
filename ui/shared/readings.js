// What a classifier reads a digit as, in large, with its certainty. What is wrong is crossed out, too: colours are not all.

class Reading {
  constructor(label) {
    this.label = label;
    this.cell = Object.assign(document.createElement('span'), { className: 'cell read' });
    this.digit = this.cell.appendChild(document.createElement('b'));
    this.share = this.cell.appendChild(document.createElement('small'));
    this.show(null);
  }

  // `shares` holds ten probabilities in 255ths; null empties it.
  show(shares) {
    const best = shares ? shares.indexOf(Math.max(...shares)) : null;
    const known = shares && typeof this.label === 'number';
    const right = known ? best === this.label : null;
    this.digit.textContent = shares ? best : '';
    this.share.textContent = shares ? `${Math.round(100 * shares[best] / 255)} %` : '';
    this.cell.classList.toggle('wrong', right === false);
    this.cell.dataset.mark = { true: '✓', false: '✗' }[right] ?? '';
    this.words = shares ? `${this.label ?? text.yours}: ${best}, ${this.share.textContent}` : '';
    if (right === false) this.words += `, ${text.wrong}`;
  }
}
