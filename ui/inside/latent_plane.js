// Places in the plane of two numbers: as shares of its sides, in words, and who lies around them.

/** @import { LatentPlane, Pair } from '../types.d.ts' */

const AROUND = 15;  // test digits that say where a place is

/**
 * From the left and from the top, each 0 to 1 within the plane.
 * @param {Pair} code
 * @param {Pick<LatentPlane, 'low' | 'high'>} plane
 * @returns {Pair}
 */
export const shares = ([first, second], { low, high }) => [
  (first - low[0]) / (high[0] - low[0]),
  (high[1] - second) / (high[1] - low[1]),
];

/**
 * The code at these shares; the nearest one within the plane where they lie beyond it.
 * @param {Pair} place
 * @param {Pick<LatentPlane, 'low' | 'high'>} plane
 * @returns {Pair}
 */
export function codeAt(place, { low, high }) {
  const [across, down] = place.map(within);
  return [low[0] + across * (high[0] - low[0]), high[1] - down * (high[1] - low[1])];
}

/** @param {number} share */
export const within = (share) => Math.max(0, Math.min(1, share));

/**
 * @param {Pair} code
 * @param {Pick<LatentPlane, 'low' | 'high'>} plane
 */
export const isWithin = (code, plane) => shares(code, plane).every((share) => share >= 0 && share <= 1);

/**
 * The digits around a code, by how many of its nearest neighbours show them: the most frequent one, and a second one
 * where the first is less than half of them.
 * @param {Pair} code
 * @param {Pick<LatentPlane, 'low' | 'high' | 'codes' | 'labels'>} plane
 * @returns {number[]}
 */
export function around(code, plane) {
  const [x, y] = shares(code, plane);
  const far = plane.codes.map((other, at) => {
    const [across, down] = shares(other, plane);
    return { label: plane.labels[at], distance: (across - x) ** 2 + (down - y) ** 2 };
  });
  const near = far.sort((a, b) => a.distance - b.distance).slice(0, AROUND);
  const counts = new Map();
  for (const { label } of near) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = [...counts].sort(([, a], [, b]) => b - a);
  return order.slice(0, 2 * order[0][1] < near.length ? 2 : 1).map(([label]) => label);
}

/**
 * Round numbers between two ends, about five of them.
 * @param {number} low
 * @param {number} high
 */
export function ticks(low, high) {
  const rough = (high - low) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5].find((each) => each * ten >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, at) => Number(((first + at) * step).toPrecision(6)));
}

/** @param {number} number */
export const inWords = (number, digits = 2) => number.toFixed(digits).replace(/^-(?=.*[1-9])/, '−').replace(/^-/, '');
