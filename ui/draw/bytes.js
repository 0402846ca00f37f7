// Numbers, texts and raw bytes one after the other; small numbers take few bytes.

const LONGEST_TEXT = 60;  // bytes

export class Writer {
  /** @type {number[]} */ #bytes = [];

  get bytes() { return Uint8Array.from(this.#bytes); }

  /** @param {number} value from 0 to 2⁵³ − 1: seven bits a byte, the lowest first */
  whole(value) {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes.push(128 + rest % 128);
    this.#bytes.push(rest);
  }

  /** @param {number} value of either sign: 0, −1, 1, −2 and so on */
  signed(value) { this.whole(value < 0 ? -2 * value - 1 : 2 * value); }

  /** @param {string} value */
  text(value) {
    const bytes = new TextEncoder().encode(value);
    this.whole(bytes.length);
    this.raw(bytes);
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) { for (const byte of bytes) this.#bytes.push(byte); }
}

// The same again; RangeError for anything that no Writer wrote.
export class Reader {
  /** @type {Uint8Array} */ #bytes;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) { this.#bytes = bytes; }

  get done() { return this.#at === this.#bytes.length; }

  /** @param {number} most */
  whole(most) {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#next();
      value += factor * (byte % 128);
      if (value > most || factor > 2 ** 49) throw new RangeError('too large');
      if (byte < 128) return value;
    }
  }

  /** @param {number} most of its size */
  signed(most) {
    const value = this.whole(2 * most);
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  text() { return new TextDecoder('utf-8', { fatal: true }).decode(this.raw(this.whole(LONGEST_TEXT))); }

  /** @param {number} length */
  raw(length) {
    if (this.#at + length > this.#bytes.length) throw new RangeError('too short');
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  #next() {
    if (this.done) throw new RangeError('too short');
    return this.#bytes[this.#at++];
  }
}
