// Who reads the pictures: the reader that is shipped, or one that this visitor trained. Offered once there is one.

class Readers {
  // `changed()` is called after the visitor chose another one, or after the chosen one is gone.
  constructor(place, changed) {
    Object.assign(this, { place, changed, select: place.querySelector('select') });
    this.select.addEventListener('input', (event) => { this.#describe(); changed(event.timeStamp); });
    ownNetworks.onChange(() => {
      const before = this.token;
      this.offer();
      if (this.token !== before) changed();
    });
    this.offer();
  }

  get token() { return this.select.value; }

  offer(chosen = this.token) {
    const own = ownNetworks.all.filter(({ drawn, reads }) => drawn && reads);
    const options = own.map(({ name, token }) => new Option(name, token));
    this.select.replaceChildren(new Option(text.reader_shipped, 'default'), ...options);
    this.select.value = own.some(({ token }) => token === chosen) ? chosen : 'default';
    this.place.hidden = !own.length;
    this.#describe();
  }

  use({ token, ...known }) {
    ownNetworks.add({ ...known, token, drawn: true });
    this.offer(token);
    this.changed();
  }

  #describe() {
    const own = ownNetworks.find(this.token);
    const digits = own?.learned?.digits?.length < 10 ? own.learned.digits.join(' ') : null;
    const words = digits ? withDetails(text.reader_own_digits, { digits }) : text.model_own_about;
    this.place.querySelector('small').textContent = own ? words : text.reader_shipped_about;
  }
}

// The server no longer has it: the default one denoises, or reads, instead.
function forgetNetwork(token) {
  const read = ownNetworks.find(token)?.reads;
  ownNetworks.remove(token);
  update();
  if (read) say('reader_gone');
  else say('gone');
}
