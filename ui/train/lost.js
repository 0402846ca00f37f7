// A run that the server no longer has. What is seen of it stays, and so do its settings; only the weights are gone.

async function loseRun(boot) {
  const { token, settings: known } = run;
  const busy = ['waiting', 'running'].includes(run.state);
  watcher.leave();
  boot ??= (await server.watch({ token, since: 0 }).catch(() => undefined))?.boot;
  if (run.token !== token) return;
  const restarted = bootOf(token) && boot && boot !== bootOf(token);
  ownNetworks.remove(token);
  kept.set(RUN_KEY, null);
  if (busy && known?.digits) settings.fill(known, $('[name="of"]').value);  // else the form may have changed meanwhile
  showLost();
  say(restarted ? ['restarted', { button: text.start }] : 'gone');
}

function showLost() {
  const shown = Boolean(run.started);
  run = { ...(shown ? run : NOTHING_YET), state: shown ? 'lost' : 'idle', usable: false, can_go_on: false, token: null };
  compare(false);
  lapse.close(run.step || null);
  figures.show(run);
  if (!shown) preview();
  setState(run.state);
}

function noteBoot(token, boot) {
  if (boot && boot !== bootOf(token)) kept.set(BOOT_KEY, `${token} ${boot}`);
}

function bootOf(token) {
  const [known, boot] = (kept.get(BOOT_KEY) ?? '').split(' ');
  return known === token ? boot : null;
}
