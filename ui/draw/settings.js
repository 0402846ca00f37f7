// What stands beside and below the pictures: the amount and kind of noise, its seed, the network, and how it is asked.

import { finder } from '../shared/dom.js';
import { ownNetworks } from '../shared/own.js';
import { language, text, withDetails } from '../shared/words.js';
import { aboutOwn, nearestLearned, unlearned } from './networks.js';

/** @import { DrawProps, OwnNetwork } from '../types.d.ts' */

export class Settings {
  /**
   * @param {HTMLElement} root
   * @param {DrawProps} props
   * @param {{ changed: (time?: number) => void, say: (hint: string) => void }} told `changed` after every change that
   *   the pictures depend on
   */
  constructor(root, props, { changed, say }) {
    const $ = this.$ = finder(root);
    this.root = root;
    this.props = props;
    this.changed = changed;
    this.say = say;
    this.seed = props.start.seed;
    this.controls = {
      amount: $('.amount', HTMLInputElement),
      kind: $('.kind', HTMLSelectElement),
      model: $('.model', HTMLSelectElement),
      seed: $('.seed', HTMLInputElement),
      'clean-only': $('.clean-only', HTMLInputElement),
      told: $('.told', HTMLInputElement),
    };
    for (const name of props.kinds) this.controls.kind.add(new Option(text[`kind.${name}`] ?? name, name));
  }

  // As the server is asked.
  get asked() {
    const { amount, kind, model } = this.controls;
    return {
      amount: amount.valueAsNumber / 100,
      kind: kind.value,
      model: model.value,
      seed: this.seed,
      clean_only: this.cleaning,
      told: this.telling,
    };
  }

  // As they are kept in the browser.
  get kept() {
    const { amount, kind, model, told } = this.controls;
    return {
      amount: amount.value,
      kind: kind.value,
      model: model.value,
      seed: this.seed,
      'clean-only': this.cleaning,
      told: told.checked,
    };
  }

  // Whether the picture is noisy already.
  get cleaning() { return this.controls['clean-only'].checked; }

  // Whether the network is told kind and amount: where it can be, and they are known.
  get telling() { return this.controls.told.checked && !this.$('.tell').hidden; }

  listen() {
    const { controls } = this;
    ownNetworks.onChange(() => {
      const before = controls.model.value;
      this.offerNetworks();
      this.describe();
      if (controls.model.value !== before) this.changed();
    });
    this.$('.new-noise').addEventListener('click', () => this.useSeed(Math.floor(10000 * Math.random())));
    controls.seed.addEventListener('change', () => this.#readSeed());
    for (const control of [controls.amount, controls.kind, controls.model, controls.told]) {
      control.addEventListener('input', (event) => { this.describe(); this.changed(event.timeStamp); });
    }
  }

  // While pictures are noisy already there is no noise to choose.
  followMode() {
    const { amount, kind, seed } = this.controls;
    const dice = this.$('.new-noise', HTMLButtonElement);
    this.root.classList.toggle('cleaning', this.cleaning);
    for (const control of [amount, kind, seed, dice]) control.disabled = this.cleaning;
    this.describe();
  }

  describe() {
    const { amount, kind, model } = this.controls;
    const { $, cleaning } = this;
    const own = ownNetworks.find(model.value);
    const network = own ?? this.props.models.find(({ name }) => name === model.value);
    const count = withDetails(text.weights, { count: network?.parameters?.toLocaleString(language) ?? '?' });
    const about = own ? aboutOwn(own, this.props.kinds) : text[`model.${network?.name}.about`] ?? '';
    $('#board-kind-about').textContent = text[`kind.${kind.value}.about`];
    $('#board-model-about').textContent = about + count;
    $('.unlearned').textContent = cleaning ? '' : unlearned(network, kind.value, amount.valueAsNumber);
    $('.tell').hidden = !network?.told || cleaning;
    const gets = this.telling ? text.noisy_note_told : text.noisy_note;
    $('.noisy .note').textContent = cleaning ? text.noisy_note_clean : gets;
    const percent = `${amount.value} %`;
    $('output').textContent = percent;
    amount.setAttribute('aria-valuetext', percent);
  }

  // Every shipped network, and below them those that this visitor trained.
  offerNetworks(chosen = this.controls.model.value) {
    const { model } = this.controls;
    const { models } = this.props;
    const own = ownNetworks.all.filter(({ drawn, reads }) => drawn && !reads);
    const group = document.createElement('optgroup');
    group.label = text.model_own;
    group.append(...own.map(({ name, token }) => new Option(name, token)));
    const shipped = models.map(({ name }) => new Option(text[`model.${name}`] ?? name, name));
    model.replaceChildren(...shipped, ...(own.length ? [group] : []));
    model.value = chosen;
    if (model.value !== chosen) model.value = models[0].name;
  }

  /**
   * A network of the visitor, with the nearest noise that it learned.
   * @param {OwnNetwork} network
   */
  use(network) {
    const { kind, amount } = this.controls;
    ownNetworks.add({ ...network, drawn: true });
    this.offerNetworks(network.token);
    const nearest = nearestLearned(network, kind.value, amount.valueAsNumber);
    kind.value = nearest.kind;
    amount.value = String(nearest.amount);
    this.describe();
    this.changed();
  }

  /**
   * As they were kept, or as the page opens for the first time.
   * @param {Record<string, unknown>} kept
   */
  restore({ amount, kind, model, seed, told, 'clean-only': cleaning }) {
    const { kinds, models, start } = this.props;
    const { controls } = this;
    controls.amount.value = String(amount ?? 100 * start.amount);
    if (kinds.includes(String(kind))) controls.kind.value = String(kind);
    if (this.#isSeed(seed)) this.seed = Number(seed);
    controls.seed.value = String(this.seed);
    controls.told.checked = told === true;
    this.offerNetworks(String(model ?? models[0].name));
    controls['clean-only'].checked = cleaning === true;
  }

  /** @param {unknown} seed */
  #isSeed(seed) {
    return Number.isInteger(seed) && Number(seed) >= 0 && Number(seed) <= this.props.limits.largest_seed;
  }

  /** @param {number} percent of noise */
  useAmount(percent) {
    this.controls.amount.value = String(percent);
    this.describe();
    this.changed();
  }

  /** @param {number} seed */
  useSeed(seed) {
    this.seed = seed;
    this.controls.seed.value = String(seed);
    this.controls.seed.removeAttribute('aria-invalid');
    this.changed();
  }

  #readSeed() {
    const typed = this.controls.seed.value.trim();
    if (/^\d{1,10}$/.test(typed) && this.#isSeed(Number(typed))) return this.useSeed(Number(typed));
    this.controls.seed.setAttribute('aria-invalid', 'true');
    this.say('seed');
  }
}
