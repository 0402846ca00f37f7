// The lines that make what is on the screen again: of Python, and of the command line.

/** @import { Linked } from '../types.d.ts' */

/** @typedef {Linked['settings']} Settings */

const LINE = 96;  // letters of a drawing in one line of Python

/**
 * @param {Settings} settings
 * @param {string} drawing a PNG file in base64
 */
export function pythonOf({ amount, kind, seed, model, told, clean_only }, drawing) {
  const parts = drawing.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  const noise = `denoiser.corrupt(digit, ${amount}, "${kind}", generator=torch.Generator().manual_seed(${seed}))`;
  return `${[
    'import base64',
    'import io',
    '',
    'import numpy as np',
    'import torch',
    'from PIL import Image',
    '',
    'import denoiser',
    ...(clean_only ? ['from denoiser.picture_files import nearest', 'from denoiser.pictures import from_bytes'] : []),
    '',
    'file = base64.b64decode(',
    ...parts.map((part) => `    "${part}"`),
    ')',
    'drawing = np.array(Image.open(io.BytesIO(file)))',
    ...(clean_only
      ? ['noisy = from_bytes(nearest(drawing))']
      : ['digit = denoiser.digit_from_drawing(drawing)', `noisy = ${noise}`]),
    `denoised = denoiser.load("${model}")(noisy${told ? `, "${kind}", ${amount}` : ''})`,
    'readings = denoiser.load_classifier()(torch.cat([noisy, denoised]))',
    'print(readings.argmax(dim=1).tolist())',
  ].join('\n')}\n`;
}

/**
 * @param {Settings} settings
 * @param {string} drawing a PNG file in base64
 */
export function commandOf({ amount, kind, seed, model, told, clean_only }, drawing) {
  const noise = clean_only ? '' : ` --amount ${amount} --kind ${kind} --seed ${seed}${told ? ' --told' : ''}`;
  return [
    `echo ${drawing} | base64 -d > drawing.png`,
    `python -m denoiser denoise drawing.png --model ${model}${noise} --out denoised.png\n`,
  ].join('\n');
}
