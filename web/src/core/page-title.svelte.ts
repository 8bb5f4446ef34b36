/** The title of the page at hand, for the browser's tab. Called while a component is made. */
export function pageTitle(title: () => string | undefined): void {
  $effect(() => {
    const text = title();
    document.title = text ? `${text} · Tocsin` : 'Tocsin';
  });
}
