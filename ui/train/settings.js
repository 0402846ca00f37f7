// The form: what the next run learns, and how. It says what is wrong where it is wrong, and keeps what was typed.

import { ownNetworks } from '../shared/own.js';
import { text, withDetails } from '../shared/words.js';
import { Faults } from './faults.js';
import { OPTIMIZER_NAMES, checkChip, expertField, inWords } from './fields.js';
import { nameSources, networkOptions, optionGroup } from './options.js';
import { keepForm, keptForm, putBack } from './kept_form.js';
import { EXPERT, IN_RECIPES, NUMBERS, numberIn, recipeFor, usualOf, written } from './recipes.js';

/** @import { Pair, RunSettings, TrainableNetwork, TrainProps } from '../types.d.ts' */
/** @import { Choice } from './fields.js' */
/** @typedef {HTMLInputElement | HTMLSelectElement} Control */
/** @typedef {{ finetune: string[], expert: string[] }} Folded what is not as the recipe has it, by the fold of it */

const FOLDS = /** @type {const} */ (['finetune', 'expert']);

export class Settings extends Faults {
  #noiseOfRecipe = false;  // whether the noise that stands there was chosen as a recipe
  /** @type {Folded} */ #folded = { finetune: [], expert: [] };

  /**
   * @param {HTMLElement} root
   * @param {TrainProps} value what the server offers
   * @param {() => void} changed called after every change by the visitor
   */
  constructor(root, value, changed) {
    super(root, value.largest_checkpoint);
    this.value = value;
    this.changed = changed;
    this.#build();
    this.usual = this.#usual();
    this.fill(value.defaults);
    this.#restore();
    this.form.addEventListener('input', (event) => this.#react(event.target));
    this.$('.all').addEventListener('click', () => this.#toggleAll());
    this.$('.recommend').addEventListener('click', () => this.#recommend());
    this.offerOwn();
    ownNetworks.onChange(() => { this.offerOwn(); this.#describe(); });
  }

  get model() { return this.#one('model').value; }

  // Whether the chosen network learns to read digits, which are clean then; else it learns to denoise.
  get reads() { return this.#network.reads; }

  get digits() { return this.#chosen('digit').map(Number); }

  // Everything as the server wants it, or null where something is wrong and now says so.
  read() {
    this.clearFaults();
    if (!this.digits.length) this.fault('digits', text.fault_digits);
    if (!this.reads && !this.#chosen('kind').length) this.fault('kinds', text.fault_kinds);
    const numbers = Object.fromEntries(['seconds', ...NUMBERS].map((name) => [name, this.#number(name)]));
    if (this.faults) return null;
    return {
      settings: {
        model: this.model,
        preset: this.#preset,
        digits: this.digits,
        data: this.#one('data').value,
        ...(this.reads ? {} : { kinds: this.#chosen('kind'), amounts: this.#amounts }),
        optimizer: this.#one('optimizer').value,
        schedule: this.#one('schedule').value,
        augment: this.#box('augment').checked,
        trained: this.#box('trained').checked ? 'decoder' : 'all',
        ...numbers,
      },
      of: this.#one('of').value || null,
    };
  }

  get seconds() { return this.#number('seconds', true); }

  /**
   * Shows these settings; what is null or missing stays as the recipe has it.
   * @param {RunSettings} settings
   */
  fill(settings, of = '') {
    this.#one('model').value = settings.model;
    if (settings.seconds) this.#one('seconds').value = written(settings.seconds);
    this.#offerRecipes();
    this.#check('preset', [settings.preset ?? 'recommended']);
    this.#followRecipe(true);
    if (settings.digits) this.#check('digit', settings.digits.map(String));
    if (settings.kinds) this.#check('kind', settings.kinds);
    if (settings.amounts) this.#setAmounts(settings.amounts);
    if (typeof settings.augment === 'boolean') this.#box('augment').checked = settings.augment;
    this.#box('trained').checked = settings.trained === 'decoder';
    for (const name of /** @type {const} */ (['data', 'optimizer', 'schedule', ...NUMBERS])) {
      const value = settings[name];
      if (value !== null && value !== undefined) this.#one(name).value = written(value);
    }
    this.offerOwn(of);
    this.#describe();
  }

  /** @param {boolean} locked */
  lock(locked) { this.form.disabled = locked; }

  // The networks of this visitor that are of the chosen kind, beside the shipped one.
  offerOwn(chosen = this.of) {
    const own = ownNetworks.all.filter(({ model }) => model === this.model);
    /** @type {Choice[]} */
    const shipped = this.#network.shipped.map((name) => [text[`model.${name}`] ?? name, name]);
    const of = this.#select('of');
    of.replaceChildren(
      new Option(text.from_nothing, ''),
      ...optionGroup('from_shipped', shipped),
      ...optionGroup('from_own', own.map(({ name, token }) => [name, token])),
    );
    of.value = [...of.options].some(({ value }) => value === chosen) ? chosen : '';
    this.#offerDecoder();
  }

  // The weights that the next run begins with: a name, a token, or '' for none.
  get of() { return this.#one('of').value; }

  /** @param {boolean} mnist whether it is there */
  nameSources(mnist) { nameSources(this.#select('data'), mnist); }

  get #network() {
    return /** @type {TrainableNetwork} */ (this.value.networks.find(({ model }) => model === this.model));
  }

  get #preset() { return this.#chosen('preset')[0]; }

  get #recipe() {
    const seconds = this.seconds ?? this.value.defaults.seconds;  // while a number is being typed
    return recipeFor(this.#network, this.#preset, seconds);
  }

  /** @returns {Pair} */
  get #amounts() { return [this.#box('lowest').valueAsNumber / 100, this.#box('highest').valueAsNumber / 100]; }

  /**
   * @param {string} name
   * @returns {Control}
   */
  #one(name) { return /** @type {Control} */ (this.form.elements.namedItem(name)); }

  /** @param {string} name */
  #box(name) { return /** @type {HTMLInputElement} */ (this.#one(name)); }

  /** @param {string} name */
  #select(name) { return /** @type {HTMLSelectElement} */ (this.#one(name)); }

  /**
   * @param {string} name
   * @returns {NodeListOf<HTMLInputElement>}
   */
  #boxes(name) { return this.form.querySelectorAll(`[name="${name}"]`); }

  /** @param {string} name */
  #chosen(name) { return [...this.#boxes(name)].filter(({ checked }) => checked).map(({ value }) => value); }

  /**
   * @param {string} name
   * @param {string[]} values
   */
  #check(name, values) {
    for (const box of this.#boxes(name)) box.checked = values.includes(box.value);
  }

  /**
   * Faults of numbers are told here, unless `quiet`.
   * @param {string} name
   */
  #number(name, quiet = false) {
    const limits = this.value.limits[name];
    const value = numberIn(name, this.#one(name).value, limits);
    const [lowest, highest] = limits;
    if (value === null && !quiet) this.fault(name, withDetails(text[`fault_${name}`], { lowest, highest }));
    return value;
  }

  /** @param {Pair} amounts */
  #setAmounts([lowest, highest]) {
    this.#one('lowest').value = String(100 * lowest);
    this.#one('highest').value = String(100 * highest);
  }

  // Of random weights a half that is never trained is of no use.
  #offerDecoder() {
    const fresh = !this.of || this.reads;  // a classifier has no decoder
    this.$('.decoder').hidden = fresh;
    if (fresh) this.#box('trained').checked = false;
  }

  /** @param {EventTarget | null} target */
  #react(target) {
    const name = target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.name : '';
    const before = this.#folded;
    if (name === 'model') {
      this.#offerRecipes();
      this.#check('preset', ['recommended']);
    }
    if (['model', 'preset'].includes(name)) this.#followRecipe(name === 'preset');
    if (['seconds', 'optimizer'].includes(name)) this.#followUsual();
    if (name === 'model') this.offerOwn();
    if (name === 'of') this.#offerDecoder();
    const [lowest, highest] = [this.#box('lowest'), this.#box('highest')];
    if (lowest.valueAsNumber > highest.valueAsNumber) {
      if (target === lowest) highest.value = lowest.value;
      else lowest.value = highest.value;
    }
    this.clearFaults();
    this.#describe();
    this.#sayReset(name === 'model' ? before : null);
    keepForm(this.form);
    this.changed();
  }

  /**
   * Another network has a recipe of its own; what was folded away and is no longer so is told.
   * @param {Folded | null} before
   */
  #sayReset(before) {
    const names = FOLDS.filter((fold) => before?.[fold].length && !this.#folded[fold].length);
    const words = names.length ? withDetails(text.reset, { folds: names.map((fold) => text[fold]).join(', ') }) : '';
    this.$('.reset').textContent = words;
  }

  // Everything but the network itself as it is recommended.
  #recommend() {
    this.fill({ ...this.value.defaults, model: this.model });
    this.#sayReset(null);
    this.clearFaults();
    keepForm(this.form);
    this.changed();
    this.$('.go').focus();
  }

  #toggleAll() {
    const all = this.digits.length === 10;
    this.#check('digit', all ? [] : [...'0123456789']);
    this.#react(this.$('.all'));
  }

  #offerRecipes() {
    const taught = 'tutorial' in this.#network.recipes[0][1];
    this.$('.recipe').hidden = !taught;
    if (!taught) this.#check('preset', ['recommended']);
  }

  /**
   * Shows what a recipe says. Noise, too, where it was chosen as a recipe, and so was what stands there now.
   * @param {boolean} withNoise
   */
  #followRecipe(withNoise) {
    const recipe = this.#recipe;
    for (const name of IN_RECIPES) {
      if (name === 'augment') this.#box(name).checked = recipe.augment;
      else this.#one(name).value = written(recipe[name]);
    }
    this.usual = this.#usual();
    if (this.reads || (!withNoise && !this.#noiseOfRecipe)) return;
    this.#check('kind', recipe.kinds);
    this.#setAmounts(recipe.amounts);
    this.#noiseOfRecipe = recipe.amounts[1] === 0;
  }

  // Budgets and optimizers have numbers of their own; what the visitor has changed stays as it is.
  #followUsual() {
    const [before, optimizer] = [this.usual, this.#one('optimizer')];
    if (optimizer.value === before.optimizer) optimizer.value = this.#recipe.optimizer;
    this.usual = this.#usual();
    for (const name of IN_RECIPES.filter((one) => !['augment', 'optimizer'].includes(one))) {
      const control = this.#one(name);
      if (control.value === before[name]) control.value = this.usual[name];
    }
  }

  #usual() {
    return usualOf(this.#recipe, this.#one('optimizer').value, this.value.optimizers);
  }

  #describe() {
    const { model, recipes } = this.#network;
    const [lowest, highest] = [this.#one('lowest').value, this.#one('highest').value];
    this.$('#training-network-about').textContent = text[`model.${model}.about`];
    /** @type {NodeListOf<HTMLElement>} */
    const ofNoise = this.form.querySelectorAll('.denoising');
    for (const node of ofNoise) node.hidden = this.reads;
    const taught = this.#preset === 'tutorial';
    this.$('.lesson').textContent = taught ? text[`tutorial.${model}`] ?? text['tutorial.other'] : '';
    this.$('.amounts').textContent = lowest === highest ? `${lowest} %` : `${lowest} – ${highest} %`;
    this.form.style.setProperty('--lowest', `${lowest}%`);
    this.form.style.setProperty('--highest', `${highest}%`);
    this.$('.all').setAttribute('aria-pressed', String(this.digits.length === 10));
    this.$('.recipe').hidden = !('tutorial' in recipes[0][1]);
    this.#folded = this.#differences();
    for (const fold of FOLDS) this.$(`.${fold} .chosen`).textContent = this.#folded[fold].join(' · ');
    const unusual = this.#unusual();
    this.$('.recommend').hidden = !unusual.length;
    if (model !== this.value.defaults.model) unusual.unshift(text[`model.${model}`]);
    this.$('.side > .chosen').textContent = unusual.join(' · ');
  }

  /** @returns {Folded} */
  #differences() {
    const of = this.#select('of');
    const usual = { ...this.usual, optimizer: this.#recipe.optimizer, seed: String(this.value.defaults.seed) };
    /** @type {(name: string) => string} */
    const now = (name) => (name === 'augment' ? String(this.#box(name).checked) : this.#one(name).value);
    const decoder = this.#box('trained').checked ? [text.decoder_alone] : [];
    return {
      finetune: of.value ? [of.selectedOptions[0].text, ...decoder] : [],
      expert: EXPERT.filter((name) => now(name) !== usual[name]).map((name) => inWords(this.#one(name))),
    };
  }

  // What is not as it is recommended for this network, in words.
  #unusual() {
    const { digits, seconds, data } = this.value.defaults;
    const [{ kinds, amounts }, chosen] = [this.#recipe, this.#chosen('kind')];
    const named = chosen.map((kind) => text[`kind.${kind}`]).join(', ');
    /** @type {[boolean, string][]} */
    const plain = [
      [this.#preset === 'recommended', text.tutorial],
      [this.digits.length === digits.length, `${text.digits} ${this.digits.join(' ')}`],
      [this.reads || String(chosen) === String([...new Set(kinds)]), named],
      [this.reads || String(this.#amounts) === String(amounts), this.$('.amounts').textContent ?? ''],
      [this.#one('data').value === data, this.#select('data').selectedOptions[0]?.text],
      [this.seconds === seconds, withDetails(text.seconds, { seconds: this.#one('seconds').value })],
    ];
    const unusual = plain.filter(([usual]) => !usual).map(([, words]) => words);
    return [...unusual, ...FOLDS.flatMap((fold) => this.#folded[fold])];
  }

  #build() {
    const { networks, kinds, optimizers, schedules, data } = this.value;
    /** @type {Record<string, Choice[]>} */
    const choices = {
      optimizer: Object.keys(optimizers).map((name) => [OPTIMIZER_NAMES[name] ?? name, name]),
      schedule: schedules.map((name) => [text[`schedule.${name}`] ?? name, name]),
    };
    this.$('.fields').replaceChildren(...EXPERT.map((name) => expertField(name, choices[name])));
    this.#select('model').append(...networkOptions(networks));
    for (const name of data) this.#select('data').add(new Option(name, name));
    this.nameSources(this.value.mnist);
    this.$('.digits').replaceChildren(...[...'0123456789'].map((digit) => checkChip('digit', digit)));
    this.$('.chips').replaceChildren(...kinds.map((kind) => checkChip('kind', kind)));
  }

  #restore() {
    for (const field of keptForm()) {
      if (field[0] === 'of') this.offerOwn(field[1]);
      putBack(this.form, field);
      if (field[0] === 'model') this.#offerRecipes();
    }
    this.#offerDecoder();
    this.usual = this.#usual();
    this.#noiseOfRecipe = this.#recipe.amounts[1] === 0;
    this.#describe();
  }
}
