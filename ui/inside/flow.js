// The flow: the digit through the network, stage by stage.

/** @import { Surroundings } from '../types.d.ts' */

export class Flow {
  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.surroundings = surroundings;
  }

  change() {
  }
}
