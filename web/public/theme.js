// Runs before the first paint, so that a dark room is not lit by a white page. Kept out of the bundle, which arrives later.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('tocsin.theme') ?? 'auto';
  } catch {
    // Storage refused (private window): the system's preference decides.
  }
  const dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
