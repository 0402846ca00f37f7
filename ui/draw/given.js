// Digits that are given, not drawn: an example, a picture, or what is in a square of a photo.

let wishes = 0;  // for another digit; only the newest is granted

async function fetchDigit(label) {
  const wish = ++wishes;
  crop.close();
  const digit = await server.example({ label }).catch(() => undefined);
  if (wish !== wishes) return;
  if (!digit?.drawing) return say(digit?.hint ?? 'no_answer');
  place(digit, [digit.own ? 'own_digits' : 'example', { label: digit.label, source: digit.source }]);
}

async function takeFile(file) {
  const wish = ++wishes;
  const exact = controls['clean-only'].checked;
  crop.close();
  try {
    const picture = await readFile(file, exact);
    if (wish !== wishes) return;
    if (!picture?.plain) return say(picture?.hint ?? 'no_answer');
    const onPaper = !exact && (picture.photo || picture.several);
    const digit = onPaper ? await withPhoto(file, (photo) => readCrop(photo, picture)) : picture;
    if (wish !== wishes || !digit) return;
    if (!digit.plain) return say(digit.hint ?? 'no_answer');
    if (!digit.ink && !exact) return digit.rough ? say('noisy_picture') : say('no_digit');
    place(digit, ['uploaded', {}]);
  } catch (problem) {
    if (wish === wishes) say(problem instanceof FileProblem ? problem.message : 'unreadable');
  }
}

async function readFile(file, exact) {
  const picture = await server.read_picture({ file: await readyToSend(file, exact) });
  // Few bytes, many pixels: a photo of a white page, say. Or a format that only the browser knows.
  if (!['large', 'unreadable'].includes(picture?.hint)) return picture;
  return server.read_picture({ file: await readyToSend(file, exact, true) });
}

// What is in the square of a photo; asked again where nothing is. Null if the visitor would rather not.
async function readCrop(photo, { box, several, ink: found }) {
  let words = several ? text.crop_several : found ? text.crop_one : text.crop_none;
  for (;;) {
    const square = await crop.ask(photo, box, words);
    if (!square) return null;
    const digit = await server.read_picture({ file: await inBase64(await compressed(square)) });
    if (digit?.ink || !digit?.plain) return digit ?? {};
    words = text.crop_none;
  }
}

function place({ drawing, plain }, given) {
  ink.place({ drawing: fromBase64(drawing), plain: fromBase64(plain) }, given);
  update();
}
