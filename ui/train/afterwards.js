// What can be done with a run that is over.

// The state of a large network is not kept: what follows is another run, which begins with what this one learned.
function goesOnFromWeights() {
  return run.state === 'ended' && run.usable && run.reason !== 'diverged' && run.started?.resumable === false;
}

// Whatever weights a run left that diverged, they are no network to draw with.
function usable() {
  return run.usable && run.reason !== 'diverged';
}
