// Runs before Gradio does. Which language and which tab this visitor sees is decided here, so that nothing flashes.
(() => {
  /** @param {string} key */
  const stored = (key) => {
    try { return localStorage.getItem(key); } catch { return null; }  // a browser may forbid to keep anything
  };
  /** @type {Record<string, string>} */
  const languages = { en: 'en', zh: 'zh-CN' };
  // A drawing that came by a link is shown in its language, unless this visitor has chosen one.
  const linked = location.hash.match(/^#draw=\d([ez])/)?.[1];
  const chosen = languages[stored('denoiser.language') ?? (linked && { e: 'en', z: 'zh' }[linked]) ?? ''];
  if (chosen) {
    // Gradio's own words and ours follow the browser's language, which nothing else lets a page choose.
    Object.defineProperty(navigator, 'language', { get: () => chosen });
    Object.defineProperty(navigator, 'languages', { get: () => [chosen] });
  }
  document.documentElement.lang = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';

  // A tab that is not open is not there: Draw, whose picture Train shows, is opened first and never seen (page.css).
  const tabs = (window.gradio_config?.components ?? []).filter(({ type }) => type === 'tabitem');
  const ids = tabs.map(({ props }) => props.id);
  const named = location.hash.slice(1).replace(/^draw=.*/, 'draw');
  const asked = named === 'tour-5' ? 'train' : named.startsWith('tour') ? 'draw' : named;
  const opening = [asked, stored('denoiser.tab')].find((id) => id !== null && ids.includes(id));
  if (opening && opening !== ids[0]) document.documentElement.dataset.opening = opening;
})();
