// The Train tab: wires the form, the line to the server, the digits, the curve and what comes afterwards.

const root = element.querySelector('.training');
const $ = (selector) => root.querySelector(selector);
const NOTHING_YET = { state: 'idle', usable: false, can_go_on: false, frames: 0, started: null, name: '' };

fillWords(root);
const settings = new Settings(root, props.value, () => {
  if (root.dataset.state === 'idle') preview();
  if (root.dataset.news.startsWith('idle')) say(newsOf(run));
  describeActions();
});
const samples = new Samples($('.samples'));
const chart = new Chart($('.plot'));
const figures = new Figures($('.figures'));
const lapse = new Timelapse($('.lapse'), { load: loadFrames, show: showFrame });
const comparison = new Comparison($('.comparison'), {
  state: compared,
  ask: (state) => server.compare(state),
  shown: () => settings.clearFault('action'),
  lost: (hint, answer) => (hint === 'gone' ? loseRun() : settings.fault('action', faultWords(hint, answer))),
});
const watcher = new Watcher({
  seen: () => !document.hidden && root.offsetParent !== null,
  ask: (token, since) => server.watch({ token, since }),
  show: (answer) => { takeAnswer(answer); root.dataset.updates = Number(root.dataset.updates) + 1; },
  lost: () => say('lost'),
  found: () => { settings.clearFault('action'); say(newsOf(run)); },
  gone: (token, boot) => { if (token === run.token) loseRun(boot); },
});
let run = { ...NOTHING_YET };
const busy = () => (['waiting', 'running'].includes(run.state) ? run.token : null);
const mine = new Mine($('.own-list'), { use: useInDraw, save: saveOwn, busy, kept: keepShown });

// --- the life of a run

async function begin() {
  const wish = settings.read();
  if (!wish) return;
  setState('starting');
  const drawing = window.denoiserBoard?.pixels() ?? null;
  const answer = await server.start({ ...wish, drawing: drawing && toBase64(drawing) }).catch(() => undefined);
  if (answer?.token) return follow(answer.token);
  setState(run.state);
  settings.fault({ mnist: 'data', of: 'of' }[answer?.hint] ?? 'run', faultWords(answer?.hint, answer));
}

function follow(token, returned = false) {
  kept.set(RUN_KEY, token);
  run = { ...NOTHING_YET, state: 'starting', token, returned };
  compare(false);
  lapse.close();
  preview();
  setState('starting');
  watcher.follow(token);
}

async function act(wish) {
  settings.clearFaults();
  const answer = await wish.catch(() => undefined);
  if (answer?.hint === 'gone') loseRun();
  else if (!answer || answer.hint || answer.error) settings.fault('action', faultWords(answer?.hint, answer));
  return answer && !answer.hint && !answer.error;
}

async function goOn() {
  const seconds = settings.seconds;
  if (goesOnFromWeights() && seconds !== null) {
    settings.fill({ ...run.settings, seconds }, run.token);
    return begin();
  }
  if (seconds === null) return settings.read();
  const { token } = run;
  if (!await act(server.go_on({ token, seconds }))) return;
  kept.set(AGAIN_KEY, `${token} ${Date.now()}`);
  watcher.follow(token);
}

// --- an answer of the server, painted

function takeAnswer(answer) {
  const before = run;
  run = { ...before, ...answer, settings: answer.settings ?? before.settings, started: answer.started ?? before.started };
  noteBoot(run.token, answer.boot);
  if (usable()) rememberRun();
  else if (run.reason === 'diverged') ownNetworks.remove(run.token);
  if (answer.settings && !before.settings) takeSettings(answer.settings);
  if (answer.started) showStart(answer.started);
  showCurve(answer);
  if (answer.samples) samples.showResult(fromBase64(answer.samples));
  figures.show(run);
  if (run.state === 'ended') lapse.open(run.frames, run.step);
  else lapse.close(run.step || null);
  if (run.state !== before.state || run.usable !== before.usable) setState(run.state);
  if (run.state !== before.state) settings.clearFault('action');  // what could not be done then
  say(newsOf(run));
  if (run.state === 'ended' && run.reason === 'failed' && run.message) settings.fault('run', run.message);
}

// Those of the run that is shown; of an uploaded checkpoint only its network is known, and it is what comes next.
// Back at a run that is over, the form stays as it was left.
function takeSettings(known) {
  if (known.digits && run.returned && run.state === 'ended' && kept.get(FORM_KEY)) return;
  if (known.digits) settings.fill(known, $('[name="of"]').value);
  else settings.fill(known, run.token);
}

function showStart(started) {
  samples.plan(started.labels, started.reads);
  wordStage(started.reads);
  samples.show('noisy', fromBase64(started.noisy));
  samples.show('clean', fromBase64(started.clean));
  chart.level(started);
  showLayers($('.layers'), started);
}

function showCurve({ fresh, losses = [], validation = [], times = [], step, seconds, seconds_left: left }) {
  if (step && Number.isFinite(left)) chart.seconds = Math.max(1, Math.round(2 * (seconds + left)) / 2);
  chart[fresh ? 'replace' : 'append'](losses, validation, times);
  if (step) chart.at(step, seconds);
  chart.draw();
}

// A live region: spoken when it changes, so it changes only with the state.
function say(news) {
  const [name, details, ...more] = [news].flat();
  const sentences = [text[`news_${name}`] ?? text.news_ended, ...more.map((other) => text[`news_${other}`])];
  const words = withDetails(sentences.join(language === 'zh' ? '' : ' '), details ?? {});
  root.dataset.news = name;
  if ($('.news').textContent !== words) $('.news').textContent = words;
}

function setState(state) {
  root.dataset.state = state;
  run.state = state === 'starting' ? run.state : state;
  const words = { starting: text.starting, waiting: text.leave_queue, running: text.stop, ended: text.start_again };
  const focused = document.activeElement;
  $('.go').textContent = words[state] ?? text.start;
  $('.go').setAttribute('aria-disabled', state === 'starting');  // a disabled button would lose the focus
  settings.lock(['starting', 'waiting', 'running'].includes(state));
  describeActions();
  mine.show();
  if (root.contains(focused) && focused.matches(':disabled')) $('.go').focus({ preventScroll: true });
}

function describeActions() {
  const over = run.state === 'ended';
  const fromWeights = goesOnFromWeights();
  $('.go-on').textContent = withDetails(fromWeights ? text.go_on_weights : text.go_on, { seconds: settings.seconds ?? '?' });
  $('.go-on').title = fromWeights ? text.go_on_weights_about : '';
  $('.go-on').disabled = !over || !(run.can_go_on || fromWeights);
  $('.versus').hidden = run.reads ?? settings.reads;  // it would be compared by what it denoises
  $('.use').disabled = $('.versus').disabled = !usable();
  for (const button of root.querySelectorAll('[data-file]')) {
    button.disabled = !run.usable || (button.dataset.file === 'timelapse' && (!over || run.frames < 2));
  }
}

// Before the first run: the places of the digits, and the time that will pass.
function preview() {
  samples.clear();
  planSamples();
  wordStage(settings.reads);
  chart.clear(settings.seconds ?? props.value.defaults.seconds, settings.reads);
}

// What will stand in the columns: the visitor's own digit, then one of the chosen digits in each of ten places.
function planSamples() {
  const { digits } = settings;
  const own = window.denoiserBoard?.pictures();
  const ten = Array.from({ length: 10 }, (_, i) => digits[i % digits.length] ?? '');
  samples.plan([...(own ? [null] : []), ...ten], settings.reads);
  if (own) samples.sketch(own);
}

// What is said of the curve and the figures, of a network that denoises or of one that reads.
function wordStage(reads) {
  for (const node of root.querySelectorAll('[data-reading]')) {
    node.textContent = text[reads ? node.dataset.reading : node.dataset.text];
  }
}

// --- afterwards

async function loadFrames() {
  const { token, labels } = { token: run.token, labels: samples.labels };
  const answer = await server.frames({ token }).catch(() => undefined);
  if (!answer?.steps) return null;
  const [all, size] = [fromBase64(answer.samples), (run.reads ? 10 : 784) * labels.length];
  return { steps: answer.steps, samples: answer.steps.map((_, i) => all.subarray(i * size, (i + 1) * size)) };
}

function showFrame(pixels, step) {
  samples.showResult(pixels);
  chart.mark(step);
}

function useInDraw(network = ownNetworks.find(run.token)) {
  window.denoiserBoard[network.reads ? 'useReader' : 'useModel'](network);
  document.querySelector('[role="tab"]').click();
  scrollTo(0, 0);
  nextFrame().then(() => document.querySelector('.board .ink')?.focus({ preventScroll: true }));  // now it is seen
}

function compare(open) {
  $('.comparison').hidden = !open;
  $('.curve').hidden = open;
  $('.versus').setAttribute('aria-pressed', open);
  settings.clearFault('action');
  if (!open) return chart.draw();
  compareNow();
}

function compareNow() {
  settings.clearFault('action');
  if (!compared()) settings.fault('action', text.compare_draw);
  comparison.update();
}

function compared() {
  const pixels = window.denoiserBoard?.pixels();
  if (!pixels || !usable()) return null;
  const kind = run.settings?.kinds?.[0] ?? 'blend';
  return { token: run.token, pixels: toBase64(pixels), amount: comparison.amount, kind, seed: 0 };
}

async function takeCheckpoint(file) {
  settings.clearFaults();
  try {
    const token = await uploadCheckpoint(file);
    follow(token);
  } catch (problem) {
    const name = problem instanceof TransferProblem ? problem.message : 'upload';
    settings.fault('upload', faultWords(name));
  }
}

async function download(kind) {
  settings.clearFaults();
  try {
    await saveFile(run.token, kind);
  } catch (problem) {
    if (problem.message === 'gone') return loseRun();
    settings.fault('action', faultWords(problem.message));
  }
}

function faultWords(name, answer) {
  const details = { error: answer?.error ?? '', left: answer?.left, highest: LARGEST_CHECKPOINT / 2 ** 20 };
  return withDetails(text[`fault_${name}`] ?? (answer?.error ? text.fault_refused : text.fault_lost), details);
}

// --- the start

function listen() {
  followSideways(root);
  const on = (selector, event, act) => $(selector).addEventListener(event, act);
  on('.go', 'click', () => {
    if (root.dataset.state === 'starting') return;
    if (['waiting', 'running'].includes(root.dataset.state)) act(server.stop({ token: run.token }));
    else begin();
  });
  on('.use', 'click', () => useInDraw());
  on('.versus', 'click', () => compare($('.comparison').hidden));
  on('.go-on', 'click', goOn);
  on('.log', 'change', () => { chart.log = $('.log').checked; chart.draw(); });
  on('.upload', 'click', () => $('[type=file]').click());
  on('[type=file]', 'change', ({ target }) => {
    if (target.files[0]) takeCheckpoint(target.files[0]);
    target.value = '';  // the same file can be chosen again
  });
  for (const button of root.querySelectorAll('[data-file]')) {
    button.addEventListener('click', () => download(button.dataset.file));
  }
  on('.layers', 'toggle', ({ target }) => { if (target.open) target.scrollIntoView({ block: 'nearest' }); });
  const small = matchMedia('(max-width: 1000px)');
  const fold = () => { $('.setup').open = !small.matches; };
  small.addEventListener('change', fold);
  fold();
  // Another tab of this browser began a run, or went on with this one: here it is shown too, unless one is busy.
  window.addEventListener('storage', ({ key, newValue }) => {
    if (!newValue || !['idle', 'ended', 'lost'].includes(root.dataset.state)) return;
    if (key === RUN_KEY && newValue !== run.token) follow(newValue);
    if (key === AGAIN_KEY && newValue.startsWith(`${run.token} `)) watcher.follow(run.token);
  });
  // Back from Draw there may be another digit.
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting) watcher.wake();
    if (isIntersecting && root.dataset.state === 'idle') preview();
    if (isIntersecting && !$('.comparison').hidden) compareNow();
    if (isIntersecting) server.sources({}).then(({ mnist }) => settings.nameSources(mnist)).catch(() => {});
  }).observe(root);
}

listen();
figures.show(run);
setState('idle');
say(newsOf(run));
preview();
if (kept.get(RUN_KEY)) follow(kept.get(RUN_KEY), true);
