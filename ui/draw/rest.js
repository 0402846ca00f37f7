// What waits until the visitor rests: nothing of it may cost the pen a moment.

// Runs once nothing has been told of for `ms`. To tell it costs next to nothing: the timer is not set anew each time.
function afterRest(ms, run) {
  let [due, timer] = [0, null];
  const look = () => {
    const left = due - performance.now();
    timer = left > 0 ? setTimeout(look, left) : null;
    if (timer === null) run();
  };
  return () => {
    due = performance.now() + ms;
    timer ??= setTimeout(look, ms);
  };
}

// Tells a screen reader what is read, in a live region: each reading once.
class Announcer {
  constructor(region) {
    this.region = region;
    this.said = '';  // what the page opens with is nobody's doing: whoever opens it puts it here
  }

  say(words) {
    if (words === this.said) return;
    this.said = this.region.textContent = words;
  }
}
