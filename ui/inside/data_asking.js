// Questions that are asked until there is an answer, as long as somebody looks.

/** @import { Refusal, Surroundings } from '../types.d.ts' */

const AGAIN = 700;  // ms until who was busy is asked again

/**
 * The answer; null where it is refused, or nobody looks any more.
 * @template {object} Answer
 * @param {Surroundings} surroundings
 * @param {() => Promise<Refusal | Answer>} ask
 * @returns {Promise<Answer | null>}
 */
export async function answered({ open, refused, task }, ask) {
  for (let tries = 0; open(); tries++) {
    const answer = await ask().catch(() => null);
    if (answer && !('error' in answer) && !('hint' in answer)) {
      if (tries) task.say(null);
      return /** @type {Answer} */ (answer);
    }
    refused(answer);
    if (answer && !('hint' in answer && answer.hint === 'busy')) return null;
    await new Promise((done) => setTimeout(done, AGAIN));
  }
  return null;
}
