// The Draw tab: wires the canvas, the controls, the line to the server and the views together.

const { kinds, models, start } = props.value;
const root = element.querySelector('.board');
const $ = (selector) => root.querySelector(selector);
const controls = Object.fromEntries(['amount', 'kind', 'model', 'seed', 'clean-only', 'told'].map((name) => [name, $(`.${name}`)]));
const ink = new Ink($('.ink'));
const crop = new Crop($('.digit .frame'));
const bars = { noisy: new Bars($('.before'), text), denoised: new Bars($('.after'), text) };
const readers = new Readers($('.reads'), update);
const link = new Link({
  stats: window.denoiserStats = [],
  state: request,
  ask: async (state) => {
    const answer = await server.denoise(state);
    return answer?.noisy || answer?.hint || answer?.error ? { model: state.model, ...answer } : undefined;
  },
  show: (answer) => {
    if (answer.hint === 'gone') return forgetNetwork(answer.token);
    if (!answer.noisy) return say(answer.hint ?? 'refused');
    show(answer);
    if (['busy', 'lost', 'refused'].includes(root.dataset.hint)) sayWhatIsThere();  // no longer true
  },
  lost: () => say('lost'),
  busy: (is) => { root.dataset.busy = is; },
});
let seed = start.seed;
let answered = null;  // what the pictures show
let touched = false;  // whether there is anything to keep
const announcer = new Announcer($('.readings'));
const resting = afterRest(700, () => { if (!ink.held) rest(); });

function request() {
  return {
    pixels: toBase64(ink.pixels()),
    amount: controls.amount.valueAsNumber / 100,
    kind: controls.kind.value,
    model: controls.model.value,
    seed,
    clean_only: controls['clean-only'].checked,
    told: telling(),
    reader: readers.token,
  };
}

// Whether the network is told kind and amount: where it can be, and they are known.
function telling() {
  return controls.told.checked && !$('.tell').hidden;
}

// Something changed that the pictures depend on, at this time.
function update(time) {
  $('.undo').disabled = !ink.undoable;
  $('.redo').disabled = !ink.undone.length;
  sayWhatIsThere();
  if (ink.empty) showNothing();
  else link.touch(time);
  touched = true;
  resting();
}

// Pen and slider lie still: time for what may not disturb them.
function rest() {
  if (!ink.empty && root.dataset.busy === 'false') announcer.say(readings());
  remember();
}

function readings() {
  return ['noisy', 'denoised'].map((name) => `${text[name]}: ${bars[name].verdict}.`).join(' ');
}

function remember() {
  if (!touched) return;
  keepBoard(ink, { ...settingsOf(controls), seed, reader: readers.token, pen: $('[name=pen]:checked').value }, answered);
}

function show(answer) {
  answered = answer;
  if (answer.digit) paintGrey($('.inset'), fromBase64(answer.digit));
  for (const name of ['noisy', 'denoised']) {
    paintGrey($(`.${name} .picture`), fromBase64(answer[name].pixels));
    bars[name].show(answer[name].readings);
    showScores($(`.${name} .scores`), answer[name]);
  }
  $('.time').textContent = `${answer.ms.toFixed(1)} ms · ${answer.device.toUpperCase()}`;
  $('.save').disabled = false;
  root.dataset.updates = Number(root.dataset.updates) + 1;
  resting();
}

function showNothing() {
  link.forget();
  for (const name of ['noisy', 'denoised']) {
    blank($(`.${name} .picture`));
    bars[name].show(null);
    showScores($(`.${name} .scores`), {});
  }
  blank($('.inset'));
  $('.time').textContent = '';
  $('.save').disabled = true;
}

function say(hint, details = {}) {
  root.dataset.hint = hint ?? '';
  const filled = withDetails(hint ? text[`hint_${hint}`] ?? text.hint_lost : '', details);
  if ($('.hint').textContent !== filled) $('.hint').textContent = filled;
}

// No trouble: only what there is to know of what is on the canvas.
function sayWhatIsThere() {
  $('.digit .frame').classList.toggle('given', Boolean(ink.given));
  say(...(ink.empty ? ['no_ink'] : ink.given ?? [null]));
}

function useSeed(value) {
  seed = value;
  controls.seed.value = value;
  controls.seed.removeAttribute('aria-invalid');
  update();
}

function readSeed() {
  const typed = controls.seed.value.trim();
  if (/^\d{1,10}$/.test(typed) && Number(typed) < 2 ** 31) return useSeed(Number(typed));
  controls.seed.setAttribute('aria-invalid', 'true');
  say('seed');
}

function describeSettings() {
  const own = ownNetworks.find(controls.model.value);
  const model = own ?? models.find(({ name }) => name === controls.model.value);
  const cleaning = controls['clean-only'].checked;
  const count = withDetails(text.weights, { count: model.parameters?.toLocaleString(language) ?? '?' });
  $('#board-kind-about').textContent = text[`kind.${controls.kind.value}.about`];
  $('#board-model-about').textContent = (own ? aboutOwn(own) : text[`model.${model.name}.about`] ?? '') + count;
  $('.unlearned').textContent = cleaning ? '' : unlearned(model, controls.kind.value, controls.amount.valueAsNumber);
  $('.tell').hidden = !model.told || cleaning;
  const gets = telling() ? text.noisy_note_told : text.noisy_note;
  $('.noisy .note').textContent = cleaning ? text.noisy_note_clean : gets;
  $('output').textContent = `${controls.amount.value} %`;
  controls.amount.setAttribute('aria-valuetext', $('output').textContent);
}

// Every shipped network, and below them those that this visitor trained.
function offerNetworks(chosen = controls.model.value) {
  const option = ({ name, token }) => new Option(text[`model.${name}`] ?? name, token ?? name);
  const own = ownNetworks.all.filter(({ drawn, reads }) => drawn && !reads);
  const group = Object.assign(document.createElement('optgroup'), { label: text.model_own });
  group.append(...own.map(option));
  controls.model.replaceChildren(...models.map(option), ...(own.length ? [group] : []));
  controls.model.value = chosen;
  if (controls.model.value !== chosen) controls.model.value = models[0].name;
}

function useNetwork({ token, ...known }) {
  ownNetworks.add({ ...known, token, drawn: true });
  offerNetworks(token);
  const { kind, amount } = nearestLearned(known, controls.kind.value, controls.amount.valueAsNumber);
  [controls.kind.value, controls.amount.value] = [kind, amount];
  describeSettings();
  update();
}

function chooseMode() {
  const cleaning = controls['clean-only'].checked;
  root.classList.toggle('cleaning', cleaning);
  for (const control of [controls.amount, controls.kind, controls.seed, $('.new-noise')]) control.disabled = cleaning;
  describeSettings();
  ink.unsmoothed = cleaning;
  ink.redraw();
  update();
}

function fillIn() {
  fillWords(root);
  $('.ink').setAttribute('aria-roledescription', text.canvas_role);
  $('.digits').append(...Array.from({ length: 10 }, (_, label) => exampleButton(label, fetchDigit)));
  for (const name of kinds) controls.kind.add(new Option(text[`kind.${name}`] ?? name, name));
  root.style.setProperty('--noise', noiseTile());
}

// As the visitor left it, or as the page opens for the first time.
function openBoard() {
  const { marks, settings, answer } = keptBoard();
  restoreSettings(settings);
  if (marks) ink.restore(marks);
  else ink.open(start.strokes, start.width, ['start', {}]);
  const asEver = !marks && !Object.keys(settings).length;
  if (asEver || answer) tried(() => show(asEver ? start.answer : answer));
  announcer.said = readings();
  if (asEver) sayWhatIsThere();
  else update();
}

function restoreSettings({ amount = 100 * start.amount, kind, model, reader, seed: sown, told, pen, 'clean-only': cleaning }) {
  controls.amount.value = amount;
  if (kinds.includes(kind)) controls.kind.value = kind;
  if (Number.isInteger(sown) && sown >= 0 && sown < 2 ** 31) seed = sown;
  controls.seed.value = seed;
  controls.told.checked = told === true;
  const chosen = [...document.querySelectorAll('[name=pen]')].find(({ value }) => value === pen);
  if (chosen) chosen.checked = true;
  offerNetworks(String(model ?? models[0].name));
  readers.offer(String(reader));
  controls['clean-only'].checked = cleaning === true;
  if (cleaning === true) chooseMode();
  else describeSettings();
}

function fitInk() {
  const side = Math.round($('.ink').clientWidth * devicePixelRatio);
  if (side && side !== $('.ink').width) ink.resize(side);
}

// What the Train tab wants of this one: the drawing as it is sent, the canvases of its 28×28, and to hand a network over.
window.denoiserBoard = {
  pixels: () => (ink.empty ? null : ink.pixels()),
  pictures: () => (ink.empty ? null : { clean: $('.inset'), noisy: $('.noisy .picture') }),
  useModel: useNetwork,
  useReader: (network) => readers.use(network),
};

function listen() {
  followSideways(root);
  ownNetworks.onChange(() => {
    const before = controls.model.value;
    offerNetworks();
    describeSettings();
    if (controls.model.value !== before) update();
  });
  new ResizeObserver(fitInk).observe($('.ink'));
  drawWith($('.ink'), ink, () => Number($('[name=pen]:checked').value), update, resting);
  onPicture(root, $('.upload'), $('[type=file]'), takeFile);
  const on = (selector, event, run) => $(selector).addEventListener(event, run);
  on('.undo', 'click', () => { ink.undo(); update(); });
  on('.redo', 'click', () => { ink.redo(); update(); });
  on('.clear', 'click', () => { ink.clear(); update(); });
  for (const name of ['undo', 'redo', 'clear']) on(`.${name}`, 'click', () => crop.close());
  on('.surprise', 'click', () => fetchDigit(null));
  on('.save', 'click', () => savePicture($('.denoised .picture'), 'denoised.png'));
  on('.new-noise', 'click', () => useSeed(Math.floor(10000 * Math.random())));
  on('.seed', 'change', readSeed);
  on('.clean-only', 'change', chooseMode);
  for (const name of ['amount', 'kind', 'model', 'told']) {
    on(`.${name}`, 'input', (event) => { describeSettings(); update(event.timeStamp); });
  }
  on('.ink', 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9]$/.test(event.key)) fetchDigit(Number(event.key));
    if (event.key === 'Delete' || event.key === 'Backspace') $('.clear').click();
  });
  root.addEventListener('keydown', (event) => {
    const wish = historyKey(event);
    if (!wish || event.target.matches('.seed')) return;
    event.preventDefault();
    $(`.${wish}`).click();
  });
  rove($('.digits'));
  on('.pens', 'input', resting);
  window.addEventListener('pagehide', remember);
  document.addEventListener('visibilitychange', () => { if (document.hidden) remember(); });
  window.addEventListener('online', () => { if (root.dataset.hint === 'no_answer') sayWhatIsThere(); });
}

fillIn();
openBoard();
listen();
