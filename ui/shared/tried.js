/**
 * What a function gives, or null where it fails.
 * @template T
 * @param {() => T} run
 */
export const tried = (run) => { try { return run(); } catch { return null; } };
