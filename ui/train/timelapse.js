// After the run: the way from the first to the last step, by hand or played.

const SECONDS_OF_PLAY = 6;

class Timelapse {
  // `load()` promises the frames, `show(pixels, step)` paints one; null is the last one, as the run left it.
  constructor(root, { load, show }) {
    Object.assign(this, { root, load, show, frames: null, timer: null, loading: null });
    [this.slider, this.button] = ['input', 'button'].map((name) => root.querySelector(name));
    this.slider.addEventListener('input', () => { this.#stop(); this.#go(this.slider.valueAsNumber); });
    this.button.addEventListener('click', () => (this.timer ? this.#stop() : this.#play()));
    this.close();
  }

  // While a run goes on there is nothing to look back at; its newest step is told here all the same.
  close(step = null) {
    this.#stop();
    Object.assign(this, { frames: null, loading: null });
    Object.assign(this.slider, { disabled: true, max: 1, value: 1 });
    this.button.disabled = true;
    this.#say(step);
  }

  open(count, step) {
    if (count < 2) return this.close(step);
    Object.assign(this.slider, { disabled: false, max: count - 1, value: count - 1 });
    this.button.disabled = false;
    this.#say(step);
  }

  async #loaded() {
    this.loading ??= this.load();
    const loading = this.loading;
    const frames = await loading;
    if (loading !== this.loading) return null;
    if (!frames) this.loading = null;  // the next touch asks again
    this.frames = frames;
    if (frames && this.slider.max !== String(frames.steps.length - 1)) this.slider.max = frames.steps.length - 1;
    return frames;
  }

  async #go(at) {
    const frames = this.frames ?? await this.#loaded();
    if (!frames || this.slider.disabled) return;
    const i = Math.min(at, frames.steps.length - 1);
    this.slider.value = i;
    this.show(frames.samples[i], frames.steps[i]);
    this.#say(frames.steps[i]);
  }

  async #play() {
    const frames = this.frames ?? await this.#loaded();
    if (!frames || this.slider.disabled) return;
    if (this.slider.valueAsNumber >= frames.steps.length - 1) this.slider.value = 0;
    const pause = Math.min(400, Math.max(33, 1000 * SECONDS_OF_PLAY / frames.steps.length));
    this.#look('playing', text.pause);
    this.timer = setInterval(() => {
      this.#go(this.slider.valueAsNumber + 1);
      if (this.slider.valueAsNumber >= frames.steps.length - 1) this.#stop();
    }, pause);
    this.#go(this.slider.valueAsNumber);
  }

  #stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.#look('still', text.play);
  }

  #look(state, words) {
    this.root.dataset.lapse = state;
    this.button.setAttribute('aria-label', words);
    this.button.title = words;
  }

  #say(step) {
    this.slider.setAttribute('aria-valuetext', step === null ? '–' : stepName(step));
  }
}

const stepName = (step) => withDetails(text.step_of, { step: step.toLocaleString(language) });
