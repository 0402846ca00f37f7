// The network's page: its graph, and a table of its steps with what each costs.

import { finder, make } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { saveBlob } from '../shared/saving.js';
import { language, text, withDetails } from '../shared/words.js';

/** @import { NetworkPage, NetworkStep, NetworkWish, Refusal, Surroundings } from '../types.d.ts' */

const READER = 'network_reader.';  // and a name: the words for who reads
const ABOVE = '';  // who is chosen for the whole tab

export class Network {
  /** @type {Map<string, NetworkPage>} */ #pages = new Map();
  #shown = '';    // the key of the page that is seen
  #above = '';    // who was chosen above when this was looked at last

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.surroundings = surroundings;
    const $ = this.$ = finder(surroundings.root);
    this.choice = $('.network-shown', HTMLSelectElement);
    this.every = $('.network-every', HTMLInputElement);
    this.link = new Link({
      state: () => this.#missing(),
      ask: (wish) => this.#ask(wish),
      show: (answer) => this.#take(answer),
      lost: () => surroundings.refused(null),
    });
    this.choice.addEventListener('input', () => this.#show());
    this.every.addEventListener('input', () => this.#fill());
    $('.network-save').addEventListener('click', () => this.#save());
  }

  change() {
    const above = this.surroundings.network();
    this.#list(above !== this.#above);
    this.#above = above;
    this.#show();
  }

  // Who reads is not offered above, and is here.
  #list(anew = false) {
    const chosen = anew ? ABOVE : this.choice.value;
    const own = ownNetworks.all.filter(({ reads }) => reads).map(({ token, name }) => new Option(name, token));
    const readers = Object.keys(text).filter((key) => key.startsWith(READER))
      .map((key) => new Option(text[key], key.slice(READER.length)));
    this.choice.replaceChildren(new Option(text.network_above, ABOVE), ...readers, ...own);
    this.choice.value = chosen;
    if (this.choice.selectedIndex < 0) this.choice.value = ABOVE;
  }

  /** @returns {NetworkWish} */
  get #wish() {
    const reader = this.choice.value;
    return { name: reader || this.surroundings.network(), reads: reader !== ABOVE, language };
  }

  // What is to be asked for; null where nobody looks, or it is known.
  #missing() {
    return this.surroundings.open() && !this.#pages.has(keyOf(this.#wish)) ? this.#wish : null;
  }

  /** @param {NetworkWish} wish */
  async #ask(wish) {
    const answer = await this.surroundings.server.network_page(wish);
    if ('graph' in answer) this.#pages.set(keyOf(wish), answer);
    return answer;
  }

  /** @param {NetworkPage | Refusal} answer */
  #take(answer) {
    if (!('graph' in answer)) return this.surroundings.refused(answer);
    this.surroundings.task.say(null);
    this.#show();
  }

  #show() {
    const key = keyOf(this.#wish);
    const page = this.#pages.get(key);
    this.surroundings.root.dataset.waiting = String(!page);
    if (!page) return this.link.touch();
    if (key === this.#shown) return;
    this.#shown = key;
    this.#draw(page);
    this.#fill();
    this.$('.network-note').textContent = text[`network_note.${page.model}`] ?? '';
    this.$('.network-totals').textContent = totalsOf(page);
    this.$('.network-most').textContent = mostOf(page);
    this.$('.network-save', HTMLButtonElement).disabled = false;
    this.surroundings.root.dataset.network = page.name;
  }

  /** @param {NetworkPage} page */
  #draw({ graph }) {
    const svg = document.importNode(new DOMParser().parseFromString(graph, 'image/svg+xml').documentElement, true);
    svg.style.setProperty('--wide', `${svg.getAttribute('width')}px`);
    const frame = this.$('.network-graph');
    frame.replaceChildren(svg);
    frame.scrollLeft = 0;
  }

  #fill() {
    const page = this.#pages.get(this.#shown);
    if (!page) return;
    const { steps, totals } = page;
    const titles = [text.network_layer, text.network_step, text.network_output]
      .concat(text.network_weights, text.network_work);
    const head = make('thead');
    head.append(row(titles.map((textContent) => make('th', { scope: 'col', textContent }))));
    const body = make('tbody');
    body.append(...steps.filter(({ parameters }) => parameters || this.every.checked).map((step) => row([
      make('th', { scope: 'row', textContent: step.layer }),
      make('td', { textContent: step.type }),
      make('td', { textContent: step.shape.slice(1).join('×') }),
      cost(step.parameters, totals.parameters),
      cost(step.multiply_adds, totals.multiply_adds),
    ])));
    const foot = make('tfoot');
    const sums = [totals.parameters, totals.multiply_adds].map((sum) => make('td', { textContent: plain(sum) }));
    foot.append(row([make('th', { scope: 'row', textContent: text.network_all }), make('td'), make('td'), ...sums]));
    this.$('.network-steps table').replaceChildren(head, body, foot);
  }

  #save() {
    const page = this.#pages.get(this.#shown);
    if (page) saveBlob(new Blob([page.graph], { type: 'image/svg+xml' }), `${page.name}.svg`);
  }
}

/** @param {NetworkWish} wish */
const keyOf = ({ name, reads }) => `${name} ${reads}`;

/** @param {number} value */
const plain = (value) => value.toLocaleString(language);

/** @param {HTMLTableCellElement[]} cells */
function row(cells) {
  const line = make('tr');
  line.append(...cells);
  return line;
}

/**
 * A number, and as a bar its share of all.
 * @param {number} value
 * @param {number} whole
 */
function cost(value, whole) {
  const cell = make('td', { textContent: value ? plain(value) : '–', className: 'cost' });
  cell.style.setProperty('--share', String(value / whole));
  return cell;
}

/** @param {number} bytes */
function sizeOf(bytes) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${value.toLocaleString(language, { maximumSignificantDigits: 3 })} ${unit}`;
}

/** @param {NetworkPage} page */
const totalsOf = ({ totals }) => withDetails(text.network_totals, {
  weights: plain(totals.parameters),
  memory: sizeOf(totals.weight_bytes),
  work: plain(totals.multiply_adds),
  activations: sizeOf(totals.activation_bytes),
});

// Where most of the weights are, and most of the work: at which resolution.
/** @param {NetworkPage} page */
function mostOf({ steps, totals }) {
  const [heavy, weight_share] = largest(steps, 'parameters', totals.parameters);
  const [busy, work_share] = largest(steps, 'multiply_adds', totals.multiply_adds);
  return withDetails(text.network_most, { heavy, weight_share, busy, work_share });
}

/**
 * @param {NetworkStep[]} steps
 * @param {'parameters' | 'multiply_adds'} counted
 * @param {number} whole
 * @returns {[place: string, percent: string]}
 */
function largest(steps, counted, whole) {
  /** @type {Record<string, number>} */ const sums = {};
  for (const step of steps) sums[placeOf(step)] = (sums[placeOf(step)] ?? 0) + step[counted];
  const [place, sum] = Object.entries(sums).reduce((most, each) => (each[1] > most[1] ? each : most));
  return [place, (100 * sum / whole).toLocaleString(language, { maximumFractionDigits: 1 })];
}

/** @param {NetworkStep} step */
const placeOf = ({ shape }) => (shape.length === 4 ? shape.slice(2).join('×') : text.network_nowhere);
