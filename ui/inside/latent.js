// The latent plane: a dense autoencoder keeps two numbers of a digit, so all that it knows can be drawn as a picture.

import { finder } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { blank, fromBase64, paintGrey } from '../shared/pixels.js';
import { saveBlob } from '../shared/saving.js';
import { text, withDetails } from '../shared/words.js';
import { LatentFigure } from './latent_figure.js';
import { LatentLegend } from './latent_legend.js';
import { around, codeAt, inWords, isWithin } from './latent_plane.js';

/** @import { LatentDecoded, LatentEncoded, LatentPlane, LatentPlaneAnswer } from '../types.d.ts' */
/** @import { LatentDecodeWish, LatentEncodeWish, LatentPlaneWish, Pair, Refusal, Surroundings } from '../types.d.ts' */
/** @typedef {LatentPlaneWish | LatentEncodeWish | LatentDecodeWish} Wish */
/** @typedef {Refusal | LatentPlaneAnswer | LatentEncoded | LatentDecoded} Answer */

const SHIPPED = 'dense_autoencoder';

export class Latent {
  /** @type {Map<string, LatentPlane>} those that were fetched */ #planes = new Map();
  /** @type {Pair | null} where the visitor moved the point */ #place = null;
  /** @type {LatentEncoded | null} */ #own = null;
  /** @type {Map<number, Pair>} by amount of noise: where this digit has been */ #way = new Map();
  #digit = '';  // which one it is, under which noise, and of which network
  #asked = '';  // the same, and how much noise

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    const { root } = this.surroundings = surroundings;
    const $ = this.$ = finder(root);
    this.root = root;
    root.dataset.updates = '0';
    this.point = $('.latent-point');
    this.point.setAttribute('aria-roledescription', text.latent_role);
    this.figure = new LatentFigure(root, { moved: (code) => this.#move(code), back: () => this.#back() });
    new LatentLegend($('.latent-legend'), (digit) => this.figure.highlight(digit));
    this.link = new Link({
      state: () => this.#wish(),
      ask: async (wish) => {
        const key = this.#key;
        const answer = await this.#ask(wish);
        return { hint: answer.hint, key, wish, answer };
      },
      show: ({ key, wish, answer }) => { if (key === this.#key) this.#take(wish, answer); },  // else it is asked anew
      lost: () => surroundings.refused(null),
    });
    $('.latent-back').addEventListener('click', () => this.#back());
    $('.latent-save').addEventListener('click', () => (
      this.figure.canvas.toBlob((blob) => { if (blob) saveBlob(blob, 'latent_plane.png'); })));
  }

  // A network of another kind has no plane of two numbers.
  get #network() {
    const name = this.surroundings.network();
    return ownNetworks.find(name)?.model === SHIPPED ? name : SHIPPED;
  }

  // With every training on its weights are others.
  get #key() { return `${this.#network} ${ownNetworks.find(this.#network)?.renewed ?? 0}`; }

  get #plane() { return this.#planes.get(this.#key) ?? null; }

  // Something changed that the picture depends on: the digit is where to look again.
  change() {
    const { wish } = this.surroundings.task;
    const digit = `${this.#key} ${wish ? nameOf(wish) : ''}`;
    const asked = `${digit} ${wish?.amount}`;
    if (digit !== this.#digit) this.#way.clear();
    if (asked !== this.#asked) this.#place = null;
    [this.#digit, this.#asked] = [digit, asked];
    if (!wish) this.#empty();
    const instead = this.surroundings.network() !== this.#network;
    this.#note(instead ? text.latent_instead : '');
    this.#show();
    this.link.touch();
  }

  /** @returns {Wish | null} */
  #wish() {
    if (!this.surroundings.open()) return null;
    const network = this.#network;
    if (!this.#plane) return { network };
    if (this.#place) return { network, code: this.#place };
    const { wish } = this.surroundings.task;
    return wish && { network, ...wish };
  }

  /**
   * @param {Wish} wish
   * @returns {Promise<Answer>}
   */
  #ask(wish) {
    const { server } = this.surroundings;
    if ('code' in wish) return server.latent_decode(wish);
    return 'pixels' in wish ? server.latent_encode(wish) : server.latent_plane(wish);
  }

  /**
   * @param {Wish} wish
   * @param {Answer} answer
   */
  #take(wish, answer) {
    if ('tiles' in answer) return this.#takePlane(answer);
    if ('noisy' in answer && 'pixels' in wish) return this.#takeOwn(wish, answer);
    if ('decoded' in answer && 'code' in wish) return this.#takePlace(wish, answer);
    const refusal = /** @type {Refusal} */ (answer);
    if (!refusal.hint && !('pixels' in wish)) return this.#note(text.latent_broken);
    this.surroundings.refused(refusal);
  }

  /** @param {LatentPlaneAnswer} answer */
  #takePlane(answer) {
    this.#planes.set(this.#key, { ...answer, pixels: fromBase64(answer.tiles) });
    this.#show();
    this.link.touch();
  }

  /**
   * @param {LatentEncodeWish} wish
   * @param {LatentEncoded} answer
   */
  #takeOwn(wish, answer) {
    if (this.#digit !== `${this.#key} ${nameOf(wish)}`) return;  // another is asked next
    this.#own = answer;
    this.#way.set(0, answer.clean_code).set(wish.amount, answer.code);
    this.surroundings.task.show(fromBase64(answer.digit));
    paintGrey(this.$('.latent-given', HTMLCanvasElement), fromBase64(answer.noisy));
    if (!this.#place) this.#say(text.latent_lies, answer.code, answer);
    this.#show();
  }

  /**
   * @param {LatentDecodeWish} wish
   * @param {LatentDecoded} answer
   */
  #takePlace({ code }, answer) {
    if (this.surroundings.task.pixels) this.surroundings.task.say(null);
    if (this.#place) this.#say(text.latent_there, code, answer);
  }

  /**
   * What was decoded, and from where, as pictures and in words.
   * @param {string} words
   * @param {Pair} code
   * @param {LatentDecoded} answer
   */
  #say(words, code, { decoded, readings }) {
    const plane = this.#plane;
    if (!plane) return;
    const digit = readings.indexOf(Math.max(...readings));
    const percent = Math.round(100 * readings[digit]);
    const [first, second] = code.map((number) => inWords(number));
    const said = withDetails(words, { first, second, digit, where: whereIn(code, plane) });
    const read = withDetails(text.latent_read, { digit, percent });
    const picture = paintGrey(this.$('.latent-decoded', HTMLCanvasElement), fromBase64(decoded));
    picture.setAttribute('aria-label', `${text.latent_decoded}: ${read}`);
    this.$('.latent-read').textContent = read;
    this.$('.latent-result').textContent = said;
    this.figure.canvas.setAttribute('aria-label', `${text.latent_plane}. ${said}`);
    this.point.setAttribute('aria-valuetext', said);
    this.root.dataset.code = JSON.stringify(code);
    this.root.dataset.updates = String(Number(this.root.dataset.updates) + 1);
  }

  #empty() {
    this.surroundings.task.empty();
    this.#own = null;
    blank(this.$('.latent-given', HTMLCanvasElement));
  }

  // Without a digit there still is a point to be moved, at first in the middle.
  #show() {
    const plane = this.#plane;
    this.figure.show(plane);
    this.$('.latent-digits').textContent = plane ? digitsOf(plane) : '';
    if (!plane) return;
    if (!this.surroundings.task.pixels) this.#place ??= codeAt([0.5, 0.5], plane);
    const point = this.#place ?? this.#own?.code;
    if (!point) return;
    const way = [...this.#way].sort(([a], [b]) => a - b).map(([, code]) => code);
    this.figure.mark({ point, own: this.#place && (this.#own?.code ?? null), way });
    this.$('.latent-back', HTMLButtonElement).disabled = !this.#place || !this.#own;
    this.root.classList.toggle('latent-elsewhere', Boolean(this.#place));
    for (const [name, value] of Object.entries({ min: plane.low[0], max: plane.high[0], now: point[0] })) {
      this.point.setAttribute(`aria-value${name}`, value.toFixed(3));
    }
  }

  /** @param {Pair} code */
  #move(code) {
    this.#place = code;
    this.#show();
    this.link.touch();
  }

  #back() {
    if (!this.#own) return;
    this.#place = null;
    this.#show();
    this.link.touch();
  }

  /** @param {string} words */
  #note(words) {
    const note = this.$('.latent-note');
    note.hidden = !words;
    note.textContent = words;
  }
}

/** @param {{ kind: string, seed: number, pixels: string }} wish */
const nameOf = ({ kind, seed, pixels }) => `${kind} ${seed} ${pixels}`;

/**
 * @param {Pair} code
 * @param {LatentPlane} plane
 */
function whereIn(code, plane) {
  const [digit, other] = around(code, plane);
  if (!isWithin(code, plane)) return withDetails(text.latent_beyond, { digit });
  return withDetails(other === undefined ? text.latent_among : text.latent_between, { digit, other });
}

/** @param {LatentPlane} plane */
function digitsOf(plane) {
  const beyond = plane.codes.filter((code) => !isWithin(code, plane)).length;
  const source = plane.own ? text.latent_own_digits : plane.source;
  return withDetails(text.latent_digits, { count: plane.codes.length, source, beyond });
}
