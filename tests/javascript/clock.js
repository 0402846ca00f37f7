// Time that passes only when a test says so.

const clock = { now: 0, timers: [] };

globalThis.setTimeout = (run, ms = 0, ...values) => {
  const timer = { at: clock.now + Math.max(0, ms), run: () => run(...values) };
  clock.timers.push(timer);
  return timer;
};
globalThis.clearTimeout = (timer) => { clock.timers = clock.timers.filter((one) => one !== timer); };
Object.defineProperty(performance, 'now', { value: () => clock.now });

export function restart() {
  Object.assign(clock, { now: 0, timers: [] });
}

// Lets so many milliseconds pass, and everything happen that was due.
export async function pass(ms) {
  const end = clock.now + ms;
  for (;;) {
    await settled();
    const [next] = clock.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    if (!next) break;
    clock.now = next.at;
    clearTimeout(next);
    next.run();
  }
  clock.now = end;
}

// Until no promise that is kept already waits for its turn.
export async function settled() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
