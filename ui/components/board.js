// The Draw tab: wires the canvas, the controls, the line to the server and the views together.

const { kinds, models, start } = props.value;
const root = element.querySelector('.board');
const $ = (selector) => root.querySelector(selector);
const controls = Object.fromEntries(['amount', 'kind', 'model', 'seed', 'clean-only', 'told'].map((name) => [name, $(`.${name}`)]));
const ink = new Ink($('.ink'));
const bars = { noisy: new Bars($('.before'), text), denoised: new Bars($('.after'), text) };
const link = new Link({
  stats: window.denoiserStats = [],
  state: request,
  ask: async (state) => ({ model: state.model, ...await server.denoise(state) }),
  show: (answer) => {
    if (answer.hint === 'gone') return forgetNetwork(answer.model);
    if (!answer.noisy) return say(answer.hint ?? 'lost');
    show(answer);
    if (['busy', 'lost'].includes(root.dataset.hint)) say(null);  // no longer true
  },
  lost: () => say('lost'),
  busy: (is) => { root.dataset.busy = is; },
});
let seed = start.seed;
let wishes = 0;  // for another digit; only the newest is granted

function request() {
  return {
    pixels: toBase64(ink.pixels()),
    amount: controls.amount.valueAsNumber / 100,
    kind: controls.kind.value,
    model: controls.model.value,
    seed,
    clean_only: controls['clean-only'].checked,
    told: telling(),
    reader: 'default',
  };
}

// Whether the network is told kind and amount: where it can be, and they are known.
function telling() {
  return controls.told.checked && !$('.tell').hidden;
}

// Something changed that the pictures depend on, at this time.
function update(time) {
  $('.undo').disabled = !ink.undoable;
  if (ink.empty) showNothing();
  else {
    say(null);
    link.touch(time);
  }
}

function show(answer) {
  if (answer.digit) paintGrey($('.inset'), fromBase64(answer.digit));
  for (const name of ['noisy', 'denoised']) {
    paintGrey($(`.${name} .picture`), fromBase64(answer[name].pixels));
    bars[name].show(answer[name].readings);
    showScores($(`.${name} .scores`), answer[name]);
  }
  $('.time').textContent = `${answer.ms.toFixed(1)} ms · ${answer.device.toUpperCase()}`;
  $('.save').disabled = false;
  root.dataset.updates = Number(root.dataset.updates) + 1;
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
  say('no_ink');
}

function showScores(place, { psnr, ssim, equal }) {
  place.replaceChildren();
  if (ssim == null) return;
  place.append(
    score('PSNR', text.psnr_about, `${equal ? '∞' : psnr.toFixed(1)} dB`),
    score('SSIM', text.ssim_about, ssim.toFixed(2)),
  );
}

function score(name, about, value) {
  const term = Object.assign(document.createElement('abbr'), { textContent: name, title: about });
  const item = document.createElement('span');
  item.append(term, ` ${value}`);
  return item;
}

function say(hint, details = {}) {
  root.dataset.hint = hint ?? '';
  const filled = withDetails(hint ? text[`hint_${hint}`] ?? text.hint_lost : '', details);
  if ($('.hint').textContent !== filled) $('.hint').textContent = filled;
}

async function fetchDigit(label) {
  const wish = ++wishes;
  const digit = await server.example({ label }).catch(() => undefined);
  if (wish !== wishes) return;
  if (!digit?.drawing) return say(digit?.hint ?? 'lost');
  place(digit);
  say(digit.own ? 'own_digits' : 'example', digit);
}

async function takeFile(file) {
  const wish = ++wishes;
  const exact = controls['clean-only'].checked;
  try {
    let picture = await server.read_picture({ file: await readyToSend(file, exact) });
    // Few bytes, many pixels: a photo of a white page, say.
    if (picture?.hint === 'large') picture = await server.read_picture({ file: await readyToSend(file, exact, true) });
    if (wish !== wishes) return;
    if (!picture?.plain) return say(picture?.hint ?? 'lost');
    if (!picture.ink && !controls['clean-only'].checked) return say('no_digit');
    place(picture);
  } catch (problem) {
    if (wish === wishes) say(problem instanceof FileProblem ? problem.message : 'unreadable');
  }
}

function place({ drawing, plain }) {
  ink.place({ drawing: greyCanvas(SENT, fromBase64(drawing)), plain: greyCanvas(28, fromBase64(plain)) });
  update();
}

function save() {
  const large = Object.assign(document.createElement('canvas'), { width: CANVAS, height: CANVAS });
  const context = large.getContext('2d');
  context.imageSmoothingEnabled = false;  // ten pixels for each: shrunk by the same ten, nothing is lost
  context.drawImage($('.denoised .picture'), 0, 0, CANVAS, CANVAS);
  large.toBlob((png) => {
    const anchor = Object.assign(document.createElement('a'), { href: URL.createObjectURL(png), download: 'denoised.png' });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);  // some browsers fetch it after the click returns
  });
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
  const count = withDetails(text.weights, { count: model.parameters?.toLocaleString(language) ?? '?' });
  $('#board-kind-about').textContent = text[`kind.${controls.kind.value}.about`];
  $('#board-model-about').textContent = (own ? text.model_own_about : text[`model.${model.name}.about`] ?? '') + count;
  const cleaning = controls['clean-only'].checked;
  $('.tell').hidden = !model.told || cleaning;
  const gets = telling() ? text.noisy_note_told : text.noisy_note;
  $('.noisy .note').textContent = cleaning ? text.noisy_note_clean : gets;
  $('output').textContent = `${controls.amount.value} %`;
  controls.amount.setAttribute('aria-valuetext', $('output').textContent);
}

// Every shipped network, and below them those that this visitor trained.
function offerNetworks(chosen = controls.model.value) {
  const option = ({ name, token }) => new Option(text[`model.${name}`] ?? name, token ?? name);
  const own = ownNetworks.all.filter(({ drawn }) => drawn);
  const group = Object.assign(document.createElement('optgroup'), { label: text.model_own });
  group.append(...own.map(option));
  controls.model.replaceChildren(...models.map(option), ...(own.length ? [group] : []));
  controls.model.value = chosen;
  if (controls.model.value !== chosen) controls.model.value = models[0].name;
}

function useNetwork({ token, ...known }) {
  ownNetworks.add({ ...known, token, drawn: true });
  offerNetworks(token);
  describeSettings();
  update();
}

// The server no longer has it: what is drawn is denoised by the default network instead.
function forgetNetwork(token) {
  ownNetworks.remove(token);
  update();
  say('gone');
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
  for (const name of kinds) controls.kind.add(new Option(text[`kind.${name}`] ?? name, name));
  offerNetworks(models[0].name);
  root.style.setProperty('--noise', noiseTile());
  controls.amount.value = 100 * start.amount;
  controls.seed.value = seed;
  describeSettings();
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
  drawWith($('.ink'), ink, () => Number($('[name=pen]:checked').value), update);
  onPicture(root, $('.upload'), $('[type=file]'), takeFile);
  const on = (selector, event, run) => $(selector).addEventListener(event, run);
  on('.undo', 'click', () => { ink.undo(); update(); });
  on('.clear', 'click', () => { ink.clear(); update(); });
  on('.surprise', 'click', () => fetchDigit(null));
  on('.save', 'click', save);
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
    if ((event.ctrlKey || event.metaKey) && event.key === 'z' && !event.target.matches('.seed')) {
      event.preventDefault();
      $('.undo').click();
    }
  });
}

fillIn();
listen();
ink.showExample(start.strokes, start.width);
show(start.answer);
say('start');
