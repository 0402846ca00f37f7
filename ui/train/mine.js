// The visitor's own networks, to be named, drawn with, taken home and let go of; and how a run becomes one of them.

const UNDO_WITHIN = 10_000;  // ms
const LONGEST_NAME = 40;  // characters

class Mine {
  // `use(network)` draws with it, `save(network)` gives its file, `busy()` the token of a run that is at work, and
  // `kept(token, still)` is told of what was removed, and of what was brought back.
  constructor(fold, { use, save, busy, kept: told }) {
    Object.assign(this, { fold, use, save, busy, told, rows: new Map(), gone: null });
    this.list = fold.querySelector('ol');
    this.forgotten = new Set();
    ownNetworks.onChange(() => this.show());
    this.show();
  }

  show() {
    const all = ownNetworks.all;
    const rows = all.map((network) => this.#row(network));
    if (this.gone) rows.splice(Math.min(this.gone.at, rows.length), 0, this.gone.row);
    if (rows.some((row, i) => row !== this.list.children[i]) || rows.length !== this.list.children.length) {
      this.list.replaceChildren(...rows);
    }
    this.fold.hidden = !rows.length;
    this.fold.querySelector('.count').textContent = all.length;
  }

  #row(network) {
    const { token, name, model, parameters } = network;
    if (!this.rows.has(token)) this.rows.set(token, this.#build(token));
    const row = this.rows.get(token);
    const [input, about] = [row.querySelector('input'), row.querySelector('small')];
    if (document.activeElement !== input) input.value = name;
    const weights = parameters ? withDetails(text.weights, { count: plain(parameters) }).trim().replace(/[.。]$/, '') : '';
    about.textContent = [text[`model.${model}`] ?? model, weights].filter(Boolean).join(' · ');
    for (const button of row.querySelectorAll('button')) button.setAttribute('aria-label', `${button.textContent}: ${name}`);
    row.querySelector('.own-remove').disabled = token === this.busy();
    return row;
  }

  #build(token) {
    const row = document.createElement('li');
    const input = Object.assign(document.createElement('input'), { type: 'text', maxLength: LONGEST_NAME });
    input.setAttribute('aria-label', text.own_name);
    input.addEventListener('change', () => this.#rename(token, input));
    input.addEventListener('keydown', (event) => {
      if (!['Enter', 'Escape'].includes(event.key)) return;
      event.preventDefault();  // else the same stroke would press the button that now has the focus
      if (event.key === 'Escape') input.value = ownNetworks.find(token).name;
      row.querySelector('button').focus();
    });
    const acts = Object.assign(document.createElement('div'), { className: 'acts' });
    const [use, save] = [() => this.use(ownNetworks.find(token)), () => this.save(ownNetworks.find(token))];
    const actions = { use, save, remove: () => this.#remove(token) };
    for (const [name, act] of Object.entries(actions)) acts.append(actionButton(text[`own_${name}`], `own-${name}`, act));
    row.append(input, document.createElement('small'), acts);
    return row;
  }

  #rename(token, input) {
    const name = input.value.trim().replace(/\s+/g, ' ');
    input.value = name || ownNetworks.find(token).name;
    if (name) ownNetworks.rename(token, name);
  }

  #remove(token) {
    const at = ownNetworks.all.findIndex((one) => one.token === token);
    const network = ownNetworks.find(token);
    const row = Object.assign(document.createElement('li'), { className: 'gone' });
    const words = Object.assign(document.createElement('span'), { textContent: withDetails(text.own_removed, network) });
    words.setAttribute('role', 'status');
    const undo = actionButton(text.undo, 'own-undo', () => this.#undo());
    undo.setAttribute('aria-label', `${text.undo}: ${network.name}`);
    row.append(words, undo);
    clearTimeout(this.gone?.timer);
    this.gone = { network, at, row };
    this.#letGo();
    this.forgotten.add(token);
    this.rows.delete(token);
    ownNetworks.remove(token);
    this.told(token, false);
    undo.focus();
  }

  // Not under the finger, or the focus, of somebody who is about to press it.
  #letGo() {
    const { gone } = this;
    gone.timer = setTimeout(() => {
      if (this.gone !== gone) return;
      if (gone.row.matches(':hover, :focus-within')) return this.#letGo();
      this.gone = null;
      this.show();
    }, UNDO_WITHIN);
  }

  #undo() {
    const { network, at, timer } = this.gone;
    clearTimeout(timer);
    this.gone = null;
    this.forgotten.delete(network.token);
    ownNetworks.insert(network, at);
    this.told(network.token, true);
    this.rows.get(network.token).querySelector('input').focus();
  }
}

function actionButton(words, className, act) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className, textContent: words });
  button.addEventListener('click', act);
  return button;
}

function rememberRun() {
  const known = ownNetworks.find(run.token);
  if (mine.forgotten.has(run.token) || (known && (known.parameters || !run.started))) return;
  const { learned, settings: { model } } = run;
  const name = known?.name ?? (run.started ? freeName(text[`model.${model}`]) : run.name);
  const { parameters, can_be_told: told } = run.started ?? {};
  ownNetworks.add({ token: run.token, name, model, parameters, told, learned, reads: run.reads });
}

function freeName(model) {
  const names = ownNetworks.all.map(({ name }) => name);
  let name = withDetails(text.mine, { model });
  for (let number = 2; names.includes(name); number++) name = withDetails(text.mine_numbered, { model, number });
  return name;
}

async function saveOwn({ token }) {
  settings.clearFault('mine');
  try {
    await saveFile(token, 'checkpoint');
  } catch (problem) {
    if (problem.message === 'gone') ownNetworks.remove(token);
    $('[data-fault="mine"]').textContent = faultWords(problem.message);
  }
}

// The run that is shown is not found again by a reload, once its network was removed.
function keepShown(token, still) {
  if (token === run.token) kept.set(RUN_KEY, still ? token : null);
}
