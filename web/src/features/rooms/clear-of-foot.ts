import type { Action } from 'svelte/action';

/** Of an element that stays at the window's end while the page moves behind it: what is scrolled to, or focused, comes to stand above it. See `--foot` in base.css. */
export const keepsViewClear: Action<HTMLElement> = (foot) => {
  const { style } = document.documentElement;
  const sizes = new ResizeObserver(() => style.setProperty('--foot', `${foot.offsetHeight}px`));
  sizes.observe(foot);
  return {
    destroy: () => {
      sizes.disconnect();
      style.removeProperty('--foot');
    },
  };
};
