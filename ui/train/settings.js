// The form: what the next run learns, and how. It says what is wrong where it is wrong, and keeps what was typed.

class Settings extends Faults {
  // `value` is what the server offers; `changed()` is called after every change by the visitor.
  constructor(root, value, changed) {
    super(root);
    Object.assign(this, { value, changed });
    this.#build();
    this.fill(value.defaults);
    this.#restore();
    this.form.addEventListener('input', (event) => this.#react(event.target));
    root.querySelector('.all').addEventListener('click', () => this.#toggleAll());
    root.querySelector('.recommend').addEventListener('click', () => this.#recommend());
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
        ...(this.reads ? {} : {
          kinds: this.#chosen('kind'),
          amounts: [this.#one('lowest').valueAsNumber / 100, this.#one('highest').valueAsNumber / 100],
        }),
        optimizer: this.#one('optimizer').value,
        schedule: this.#one('schedule').value,
        augment: this.#one('augment').checked,
        trained: this.#one('trained').checked ? 'decoder' : 'all',
        ...numbers,
      },
      of: this.#one('of').value || null,
    };
  }

  get seconds() { return this.#number('seconds', true); }

  // Shows these settings; what is null or missing stays as the recipe has it.
  fill(settings, of = '') {
    this.#one('model').value = settings.model;
    if (settings.seconds) this.#one('seconds').value = plainNumber(settings.seconds);
    this.#offerRecipes();
    this.#check('preset', [settings.preset ?? 'recommended']);
    this.#followRecipe(true);
    const { digits, kinds, amounts, trained, augment, ...plain } = settings;
    if (digits) this.#check('digit', digits.map(String));
    if (kinds) this.#check('kind', kinds);
    if (amounts) this.#setAmounts(amounts);
    if (typeof augment === 'boolean') this.#one('augment').checked = augment;
    this.#one('trained').checked = trained === 'decoder';
    for (const name of ['data', 'optimizer', 'schedule', ...NUMBERS]) {
      if (plain[name] !== null && plain[name] !== undefined) this.#one(name).value = plainNumber(plain[name]);
    }
    this.offerOwn(of);
    this.#describe();
  }

  lock(locked) { this.form.disabled = locked; }

  // The networks of this visitor that are of the chosen kind, beside the shipped one.
  offerOwn(chosen = this.#one('of').value) {
    const own = ownNetworks.all.filter(({ model }) => model === this.model);
    const shipped = this.#network.shipped;
    this.#one('of').replaceChildren(
      new Option(text.from_nothing, ''),
      ...optionGroup('from_shipped', shipped.map((name) => [text[`model.${name}`] ?? name, name])),
      ...optionGroup('from_own', own.map(({ name, token }) => [name, token])),
    );
    const known = [...this.#one('of').options].some(({ value }) => value === chosen);
    this.#one('of').value = known ? chosen : '';
    this.#offerDecoder();
  }

  nameSources(mnist) { nameSources(this.#one('data'), mnist); }

  get #network() { return this.value.networks.find(({ model }) => model === this.model); }

  get #preset() { return this.#chosen('preset')[0]; }

  get #recipe() {
    const { recipes } = this.#network;
    const seconds = this.seconds ?? this.value.defaults.seconds;  // while a number is being typed
    return recipes.find(([most]) => seconds <= most)[1][this.#preset];
  }

  #one(name) { return this.form.elements[name]; }

  #chosen(name) {
    return [...this.form.querySelectorAll(`[name="${name}"]:checked`)].map(({ value }) => value);
  }

  #check(name, values) {
    for (const box of this.form.querySelectorAll(`[name="${name}"]`)) box.checked = values.includes(box.value);
  }

  // Faults of numbers are told here, unless `quiet`.
  #number(name, quiet = false) {
    const typed = this.#one(name).value.trim().replace(',', '.');
    const [lowest, highest] = this.value.limits[name];
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed) ? Number(typed) : NaN;
    const fits = value >= lowest && value <= highest && (!WHOLE.includes(name) || Number.isInteger(value));
    if (!fits && !quiet) this.fault(name, withDetails(text[`fault_${name}`], { lowest, highest }));
    return fits ? value : null;
  }

  #setAmounts([lowest, highest]) {
    this.#one('lowest').value = 100 * lowest;
    this.#one('highest').value = 100 * highest;
  }

  // Of random weights a half that is never trained is of no use.
  #offerDecoder() {
    const fresh = !this.#one('of').value || this.reads;  // a classifier has no decoder
    this.root.querySelector('.decoder').hidden = fresh;
    if (fresh) this.#one('trained').checked = false;
  }

  #react(target) {
    const before = this.folded;
    if (target.name === 'model') {
      this.#offerRecipes();
      this.#check('preset', ['recommended']);
    }
    if (['model', 'preset'].includes(target.name)) this.#followRecipe(target.name === 'preset');
    if (['seconds', 'optimizer'].includes(target.name)) this.#followUsual();
    if (target.name === 'model') this.offerOwn();
    if (target.name === 'of') this.#offerDecoder();
    const [lowest, highest] = [this.#one('lowest'), this.#one('highest')];
    if (lowest.valueAsNumber > highest.valueAsNumber) (target === lowest ? highest : lowest).value = target.value;
    this.clearFaults();
    this.#describe();
    this.#sayReset(target.name === 'model' ? before : {});
    keepForm(this.form);
    this.changed();
  }

  // Another network has a recipe of its own; what was folded away and is no longer so is told.
  #sayReset(before) {
    const names = Object.keys(before).filter((fold) => before[fold].length && !this.folded[fold].length);
    const words = names.length ? withDetails(text.reset, { folds: names.map((fold) => text[fold]).join(', ') }) : '';
    this.root.querySelector('.reset').textContent = words;
  }

  // Everything but the network itself as it is recommended.
  #recommend() {
    this.fill({ ...this.value.defaults, model: this.model });
    this.#sayReset({});
    this.clearFaults();
    keepForm(this.form);
    this.changed();
    this.root.querySelector('.go').focus();
  }

  #toggleAll() {
    const all = this.digits.length === 10;
    this.#check('digit', all ? [] : [...'0123456789']);
    this.#react(this.root.querySelector('.all'));
  }

  #offerRecipes() {
    const taught = 'tutorial' in this.#network.recipes[0][1];
    this.root.querySelector('.recipe').hidden = !taught;
    if (!taught) this.#check('preset', ['recommended']);
  }

  // Shows what a recipe says. Noise, too, where it was chosen as a recipe, and so was what stands there now.
  #followRecipe(withNoise) {
    const recipe = this.#recipe;
    for (const name of IN_RECIPES) {
      if (name === 'augment') this.#one(name).checked = recipe.augment;
      else this.#one(name).value = plainNumber(recipe[name]);
    }
    this.usual = this.#usual();
    if (this.reads || (!withNoise && !this.noiseOfRecipe)) return;
    this.#check('kind', recipe.kinds);
    this.#setAmounts(recipe.amounts);
    this.noiseOfRecipe = recipe.amounts[1] === 0;
  }

  // Budgets and optimizers have numbers of their own; what the visitor has changed stays as it is.
  #followUsual() {
    const [before, optimizer] = [this.usual, this.#one('optimizer')];
    if (optimizer.value === before.optimizer) optimizer.value = this.#recipe.optimizer;
    this.usual = this.#usual();
    for (const name of IN_RECIPES.filter((name) => !['augment', 'optimizer'].includes(name))) {
      const control = this.#one(name);
      if (control.value === String(before[name])) control.value = this.usual[name];
    }
  }

  // What stands in the form as long as the visitor changes nothing but the budget and the optimizer.
  #usual() {
    const recipe = this.#recipe;
    const optimizer = this.#one('optimizer').value;
    const changes = optimizer === recipe.optimizer ? {} : this.value.optimizers[optimizer];
    const usual = { ...recipe, ...changes };
    return Object.fromEntries(IN_RECIPES.map((name) => [name, plainNumber(usual[name])]));
  }

  #describe() {
    const { model, recipes } = this.#network;
    const [lowest, highest] = [this.#one('lowest').value, this.#one('highest').value];
    this.root.querySelector('#training-network-about').textContent = text[`model.${model}.about`];
    for (const node of this.form.querySelectorAll('.denoising')) node.hidden = this.reads;
    this.root.querySelector('.lesson').textContent = this.#preset === 'tutorial'
      ? text[`tutorial.${model}`] ?? text['tutorial.other'] : '';
    this.root.querySelector('.amounts').textContent = lowest === highest ? `${lowest} %` : `${lowest} – ${highest} %`;
    this.form.style.setProperty('--lowest', `${lowest}%`);
    this.form.style.setProperty('--highest', `${highest}%`);
    this.root.querySelector('.all').setAttribute('aria-pressed', this.digits.length === 10);
    this.root.querySelector('.recipe').hidden = !('tutorial' in recipes[0][1]);
    this.folded = this.#folded();
    for (const [fold, words] of Object.entries(this.folded)) {
      this.root.querySelector(`.${fold} .chosen`).textContent = words.join(' · ');
    }
    const unusual = this.#unusual();
    this.root.querySelector('.recommend').hidden = !unusual.length;
    if (model !== this.value.defaults.model) unusual.unshift(text[`model.${model}`]);
    this.root.querySelector('.side > .chosen').textContent = unusual.join(' · ');
  }

  // What is not as the recipe has it, for the titles of the folds in which it lies.
  #folded() {
    const of = this.#one('of');
    const usual = { ...this.usual, optimizer: this.#recipe.optimizer, seed: this.value.defaults.seed };
    const now = (name) => (name === 'augment' ? this.#one(name).checked : this.#one(name).value);
    return {
      finetune: of.value ? [of.selectedOptions[0].text, ...(this.#one('trained').checked ? [text.decoder_alone] : [])] : [],
      expert: EXPERT.filter((name) => String(now(name)) !== String(usual[name])).map((name) => inWords(this.#one(name))),
    };
  }

  // What is not as it is recommended for this network, in words.
  #unusual() {
    const { digits, seconds, data } = this.value.defaults;
    const [{ kinds, amounts }, chosen] = [this.#recipe, this.#chosen('kind')];
    const ends = ['lowest', 'highest'].map((name) => this.#one(name).valueAsNumber / 100);
    const plain = [
      [this.#preset === 'recommended', text.tutorial],
      [this.digits.length === digits.length, `${text.digits} ${this.digits.join(' ')}`],
      [this.reads || String(chosen) === String([...new Set(kinds)]), chosen.map((kind) => text[`kind.${kind}`]).join(', ')],
      [this.reads || String(ends) === String(amounts), this.root.querySelector('.amounts').textContent],
      [this.#one('data').value === data, this.#one('data').selectedOptions[0]?.text],
      [this.seconds === seconds, withDetails(text.seconds, { seconds: this.#one('seconds').value })],
    ];
    return [...plain.flatMap(([usual, words]) => (usual ? [] : [words])), ...Object.values(this.folded).flat()];
  }

  #build() {
    const { networks, kinds, optimizers, schedules } = this.value;
    const choices = { optimizer: Object.keys(optimizers).map((name) => [OPTIMIZER_NAMES[name] ?? name, name]) };
    choices.schedule = schedules.map((name) => [text[`schedule.${name}`] ?? name, name]);
    this.root.querySelector('.fields').replaceChildren(...EXPERT.map((name) => expertField(name, choices[name])));
    this.#one('model').append(...networkOptions(networks));
    for (const name of ['auto', 'mnist', 'own', 'mnist+own']) this.#one('data').add(new Option(name, name));
    this.nameSources(this.value.mnist);
    const places = { digit: ['.digits', [...'0123456789']], kind: ['.chips', kinds] };
    for (const [name, [place, values]] of Object.entries(places)) {
      this.root.querySelector(place).replaceChildren(...values.map((value) => checkChip(name, value)));
    }
  }

  #restore() {
    for (const field of keptForm()) {
      if (field[0] === 'of') this.offerOwn(field[1]);
      putBack(this.form, field);
      if (field[0] === 'model') this.#offerRecipes();
    }
    this.#offerDecoder();
    this.usual = this.#usual();
    this.noiseOfRecipe = this.#recipe.amounts[1] === 0;
    this.#describe();
  }
}
