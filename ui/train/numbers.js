// Numbers in the visitor's language, and the round ones of an axis.

import { language, text, withDetails } from '../shared/words.js';

/** @param {number} value */
export const plain = (value, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits });

/** @param {number} step */
export const stepName = (step) => withDetails(text.step_of, { step: step.toLocaleString(language) });

/** @param {number | null | undefined} value */
export function shortNumber(value) {
  if (value === null || value === undefined) return '–';
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return value.toLocaleString(language, { maximumSignificantDigits: 3 });
}

/**
 * An error with as many places as any other, so that they can be told apart and subtracted.
 * @param {number | null | undefined} value
 */
export const errorNumber = (value) => (
  value?.toLocaleString(language, { minimumFractionDigits: 4, maximumFractionDigits: 4 }) ?? '–');

/**
 * As many digits as a step of the axis needs; of a run that fell apart the numbers can be of any length.
 * @param {number} value
 */
export function axisNumber(value) {
  return value >= 1e5 ? value.toExponential() : value.toLocaleString(language, { maximumSignificantDigits: 3 });
}

/**
 * The nearest 1, 2 or 5 times a power of ten: Math.floor gives the one below, Math.ceil the one above.
 * @param {number} value above 0
 * @param {typeof Math.floor} towards
 */
export function round125(value, towards) {
  const ten = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((step) => Number((step * ten).toPrecision(1)));
  const found = towards === Math.floor ? steps.findLast((step) => step <= value) : steps.find((step) => step >= value);
  return found ?? ten;
}

/**
 * The round numbers of a logarithmic axis; of many only the powers of ten.
 * @param {number} low
 * @param {number} high
 */
export function decades(low, high) {
  const values = [];
  for (let value = low; value <= high * 1.001; value = round125(value * 1.01, Math.ceil)) values.push(value);
  return values.length > 7 ? values.filter((value) => String(value).replace(/[^1-9]/g, '')[0] === '1') : values;
}

/**
 * Round numbers from 0 to `most`, at most about so many.
 * @param {number} most
 * @param {number} count
 */
export function evenly(most, count) {
  const step = round125(most / count, Math.ceil);
  return Array.from({ length: Math.floor(most / step + 1e-6) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}
