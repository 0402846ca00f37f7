// The drawing and its settings in the visitor's browser, so that a reload forgets nothing. Each tab of the browser comes
// back with its own; a new one opens with what was drawn last.

const BOARD_KEY = 'denoiser.board';
const MOST_KEPT = 200_000;  // characters; longer drawings are kept without their history, or as a picture
const MOST_POINTS = 100_000;

function keepBoard(ink, settings, answer) {
  const kinds = [() => ink.marks, () => ink.visible, () => [flattened(ink)]];
  for (const marks of ink.empty ? [() => []] : kinds) {
    const words = JSON.stringify({ marks: marks().map(packed), settings, answer: ink.empty ? null : answer });
    if (words.length > MOST_KEPT) continue;
    try { sessionStorage.setItem(BOARD_KEY, words); } catch { /* full, or forbidden */ }
    return kept.set(BOARD_KEY, words);
  }
}

// { marks, settings, answer } as they were kept, each null where it is missing, damaged or from another version.
function keptBoard() {
  let words = null;
  try { words = sessionStorage.getItem(BOARD_KEY); } catch { /* forbidden */ }
  const { marks, settings, answer } = parsed(words ?? kept.get(BOARD_KEY));
  const restored = tried(() => marks.map(unpacked));
  return {
    marks: restored?.length ? restored : null,
    settings: settings && typeof settings === 'object' ? settings : {},
    answer: restored?.length && isAnswer(answer) ? answer : null,
  };
}

const settingsOf = (controls) => Object.fromEntries(Object.entries(controls).map(([name, control]) => (
  [name, control.type === 'checkbox' ? control.checked : control.value])));

const tried = (run) => { try { return run(); } catch { return null; } };
const parsed = (words) => tried(() => JSON.parse(words)) ?? {};

// A line through fewer points, to a tenth of a unit; on the canvas nobody sees the difference.
function packed({ points, width, picture, given, fresh, opening }) {
  const places = points?.map((point) => point.map((at) => Math.round(10 * at) / 10));
  const bytes = picture && { drawing: toBase64(picture.drawing), plain: toBase64(picture.plain) };
  return { points: places, width, picture: bytes, given, fresh, opening };
}

function unpacked({ points, width, picture, given, fresh, opening }) {
  const mark = { fresh: Boolean(fresh), opening: Boolean(opening) };
  if (given) mark.given = wordsOf(given);
  if (picture) mark.picture = { drawing: square(picture.drawing, [SENT]), plain: square(picture.plain, [28, SENT]) };
  if (!points) return mark;
  const fine = points.length <= MOST_POINTS && points.every((point) => point.length === 2 && point.every(Number.isFinite));
  if (!fine || !(width > 0 && width < CANVAS)) throw new RangeError('no stroke');
  return { ...mark, points, width };
}

function wordsOf([hint, { label, source } = {}]) {
  if (!(`hint_${hint}` in text)) throw new RangeError('no hint');
  return [String(hint), { label: String(label ?? '').slice(0, 1), source: String(source ?? '').slice(0, 40) }];
}

function square(encoded, sides) {
  const bytes = fromBase64(encoded);
  if (!sides.some((side) => bytes.length === side ** 2)) throw new RangeError('no picture');
  return bytes;
}

// What it looks like, without how it was drawn.
function flattened(ink) {
  const pixels = ink.pixels();
  return { picture: { drawing: pixels, plain: pixels }, fresh: true };
}

function isAnswer(answer) {
  return Boolean(tried(() => {
    for (const pixels of [answer.digit, answer.noisy.pixels, answer.denoised.pixels]) square(pixels, [28]);
    const all = [...answer.noisy.readings, ...answer.denoised.readings, answer.ms];
    return all.length === 21 && all.every(Number.isFinite) && typeof answer.device === 'string';
  }));
}
