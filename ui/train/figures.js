// What is told in words and numbers: the figures of a run, its layers, and the sentence that says how it stands.

const FIGURES = ['step', 'rate', 'left', 'learning_rate', 'best', 'device'];
const plain = (value, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits });

class Figures {
  constructor(place) {
    this.values = Object.fromEntries(FIGURES.map((name) => {
      const item = document.createElement('div');
      const [term, value] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = text[term.dataset.text = `figure_${name}`];
      if (name === 'best') term.dataset.reading = 'figure_accuracy';
      value.dataset.figure = name;
      item.append(term, value);
      place.append(item);
      return [name, value];
    }));
  }

  show({ state, step, rate, seconds_left: left, learning_rate: learningRate, best, device, started }) {
    const figures = {
      step: step ? plain(step) : '–',
      rate: rate ? plain(Number(rate.toPrecision(3))) : '–',
      left: state === 'running' && Number.isFinite(left) ? withDetails(text.seconds, { seconds: plain(Math.ceil(left)) }) : '–',
      learning_rate: learningRate ? shortNumber(Number(learningRate.toPrecision(2))) : '–',
      best: best ? bestScore(best) : '–',
      device: device ? device.toUpperCase() : '–',
    };
    for (const [name, value] of Object.entries(this.values)) {
      if (value.textContent !== figures[name]) value.textContent = figures[name];
    }
    this.values.device.title = started?.precision ?? '';
  }
}

const bestScore = ({ mse, wrong }) => (wrong === undefined ? shortNumber(mse) : `${plain(100 * (1 - wrong), 1)} %`);

// Which layers hold weights, how many, and whether they are trained.
function showLayers(fold, { layers, parameters, trained_parameters: trained }) {
  fold.hidden = !layers.length;
  const counts = { trained: plain(trained), all: plain(parameters) };
  fold.querySelector('.count').textContent = withDetails(text.layers_count, counts);
  fold.querySelector('ol').replaceChildren(...layers.map(([name, shape, weights, learns]) => {
    const item = document.createElement('li');
    item.classList.toggle('frozen', !learns);
    item.title = shape.join(' × ');
    for (const words of [name, learns ? plain(weights) : `${plain(weights)} · ${text.frozen}`]) {
      item.append(Object.assign(document.createElement('span'), { textContent: words }));
    }
    return item;
  }));
}

// The name of the sentence, and what to fill into it.
function newsOf({ state, reason, usable, place, wait, started, best, preparing, prepared, others, reads = settings.reads }) {
  if (state === 'waiting') return ['waiting', { place, wait: Math.max(5, 5 * Math.round(wait / 5)) }];
  if (state === 'running' && (preparing || !started)) return whatItWaitsFor(preparing || 'worker', prepared ?? 0, others);
  if (state === 'running') return ['running', { count: plain(started.count), source: sourceName(started.source) }];
  if (state !== 'ended') return [reads ? 'idle_read' : 'idle', { button: text.start }];
  if (!started && usable) return [reads ? 'uploaded_read' : 'uploaded', { button: text.start_again }];
  if (!started) return [reason === 'stopped' ? 'left' : 'failed'];
  if (reason !== 'budget' || !best) return [reason || 'ended'];
  if (reads) return best.wrong < 0.95 * started.nothing ? ['reads', { share: plain(100 * (1 - best.wrong), 1) }] : ['guesses'];
  const gone = 1 - best.mse / started.nothing;
  if (!(gone > 0.05)) return ['worse'];
  return ['better', { share: Math.round(100 * gone) }];
}

// One sentence, and two more where it takes long. A run that is told is announced only every ten seconds.
function whatItWaitsFor(preparing, prepared, others) {
  const seconds = 10 * Math.floor(prepared / 10);
  return [preparing, { seconds }, ...(others && seconds ? ['crowded'] : []), ...(seconds ? ['so_far'] : [])];
}

const sourceName = (source) => source.replace('the project\'s own digits', text.data_own_named);
