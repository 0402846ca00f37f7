// The visitor's own networks, to be named, drawn with, taken home and let go of; and how a run becomes one of them.

import { finder, make } from '../shared/dom.js';
import { ownNetworks } from '../shared/own.js';
import { text, withDetails } from '../shared/words.js';
import { plain } from './numbers.js';

/** @import { OwnNetwork, Run } from '../types.d.ts' */

const UNDO_WITHIN = 10_000;  // ms
const LONGEST_NAME = 40;  // characters

/**
 * @typedef {object} Ends
 * @property {(network: OwnNetwork) => void} use draws with it
 * @property {(network: OwnNetwork) => void} save gives its file
 * @property {() => string | null} busy the token of a run that is at work
 * @property {(token: string, still: boolean) => void} told of what was removed, and of what was brought back
 */

/** @typedef {{ network: OwnNetwork, at: number, row: HTMLElement, timer?: ReturnType<typeof setTimeout> }} Gone */
/** @typedef {{ item: HTMLElement, name: HTMLInputElement, about: HTMLElement, remove: HTMLButtonElement }} Row */

export class Mine {
  /** @type {Map<string, Row>} */ #rows = new Map();
  /** @type {Gone | null} */ #gone = null;  // what was removed, and may come back
  /** @type {Set<string>} */ forgotten = new Set();

  /**
   * @param {HTMLElement} fold
   * @param {Ends} ends
   */
  constructor(fold, ends) {
    const $ = finder(fold);
    this.fold = fold;
    this.ends = ends;
    this.list = $('ol');
    this.count = $('.count');
    ownNetworks.onChange(() => this.show());
    this.show();
  }

  show() {
    const all = ownNetworks.all;
    const rows = all.map((network) => this.#row(network).item);
    if (this.#gone) rows.splice(Math.min(this.#gone.at, rows.length), 0, this.#gone.row);
    if (rows.some((row, i) => row !== this.list.children[i]) || rows.length !== this.list.children.length) {
      this.list.replaceChildren(...rows);
    }
    this.fold.hidden = !rows.length;
    this.count.textContent = String(all.length);
  }

  /** @param {OwnNetwork} network */
  #row({ token, name, model, parameters }) {
    const row = this.#rows.get(token) ?? this.#build(token);
    if (document.activeElement !== row.name) row.name.value = name;
    const weights = parameters ? withDetails(text.weights, { count: plain(parameters) }) : '';
    const about = [text[`model.${model}`] ?? model, weights.trim().replace(/[.。]$/, '')];
    row.about.textContent = about.filter(Boolean).join(' · ');
    for (const button of row.item.querySelectorAll('button')) {
      button.setAttribute('aria-label', `${button.textContent}: ${name}`);
    }
    row.remove.disabled = token === this.ends.busy();
    return row;
  }

  /** @param {string} token */
  #build(token) {
    const name = make('input', { type: 'text', maxLength: LONGEST_NAME });
    name.setAttribute('aria-label', text.own_name);
    /** @type {(act: (network: OwnNetwork) => void) => () => void} */
    const known = (act) => () => { const network = ownNetworks.find(token); if (network) act(network); };
    const use = actionButton(text.own_use, 'own-use', known(this.ends.use));
    const save = actionButton(text.own_save, 'own-save', known(this.ends.save));
    const remove = actionButton(text.own_remove, 'own-remove', known((network) => this.#remove(network)));
    name.addEventListener('change', () => rename(token, name));
    name.addEventListener('keydown', (event) => {
      if (!['Enter', 'Escape'].includes(event.key)) return;
      event.preventDefault();  // else the same stroke would press the button that now has the focus
      if (event.key === 'Escape') name.value = ownNetworks.find(token)?.name ?? '';
      use.focus();
    });
    const [item, about, acts] = [make('li'), make('small'), make('div', { className: 'acts' })];
    acts.append(use, save, remove);
    item.append(name, about, acts);
    const row = { item, name, about, remove };
    this.#rows.set(token, row);
    return row;
  }

  /** @param {OwnNetwork} network */
  #remove(network) {
    const { token } = network;
    const at = ownNetworks.all.findIndex((one) => one.token === token);
    const row = make('li', { className: 'gone' });
    const words = make('span', { textContent: withDetails(text.own_removed, { ...network }) });
    words.setAttribute('role', 'status');
    const undo = actionButton(text.undo, 'own-undo', () => this.#undo());
    undo.setAttribute('aria-label', `${text.undo}: ${network.name}`);
    row.append(words, undo);
    clearTimeout(this.#gone?.timer);
    this.#gone = { network, at, row };
    this.#letGo(this.#gone);
    this.forgotten.add(token);
    this.#rows.delete(token);
    ownNetworks.remove(token);
    this.ends.told(token, false);
    undo.focus();
  }

  /**
   * Not under the finger, or the focus, of somebody who is about to press it.
   * @param {Gone} gone
   */
  #letGo(gone) {
    gone.timer = setTimeout(() => {
      if (this.#gone !== gone) return;
      if (gone.row.matches(':hover, :focus-within')) return this.#letGo(gone);
      this.#gone = null;
      this.show();
    }, UNDO_WITHIN);
  }

  #undo() {
    if (!this.#gone) return;
    const { network, at, timer } = this.#gone;
    clearTimeout(timer);
    this.#gone = null;
    this.forgotten.delete(network.token);
    ownNetworks.insert(network, at);
    this.ends.told(network.token, true);
    this.#rows.get(network.token)?.name.focus();
  }
}

/**
 * @param {string} token
 * @param {HTMLInputElement} input
 */
function rename(token, input) {
  const name = input.value.trim().replace(/\s+/g, ' ');
  input.value = name || (ownNetworks.find(token)?.name ?? '');
  if (name) ownNetworks.rename(token, name);
}

/**
 * @param {string} textContent
 * @param {string} className
 * @param {() => void} act
 */
function actionButton(textContent, className, act) {
  const button = make('button', { type: 'button', className, textContent });
  button.addEventListener('click', act);
  return button;
}

/**
 * A run becomes one of the visitor's networks, unless its network was removed.
 * @param {Run & { token: string }} run
 * @param {Set<string>} forgotten
 */
export function rememberRun(run, forgotten) {
  const known = ownNetworks.find(run.token);
  if (forgotten.has(run.token) || (known && (known.parameters || !run.started))) return;
  const { token, learned, reads, started, settings } = run;
  const name = known?.name ?? (started ? freeName(text[`model.${settings?.model}`]) : run.name);
  ownNetworks.add({
    token, name, model: settings?.model, parameters: started?.parameters, told: started?.can_be_told, learned, reads,
  });
}

/** @param {string} model */
function freeName(model) {
  const names = ownNetworks.all.map(({ name }) => name);
  let name = withDetails(text.mine, { model });
  for (let number = 2; names.includes(name); number++) name = withDetails(text.mine_numbered, { model, number });
  return name;
}
