interface Drop {
  readonly over: (is: boolean) => void;
  readonly drop: (files: readonly File[]) => void;
}

/** Files that are dragged over an element and let go there. What is no file, such as a text that is moved, goes its usual way. */
export function dropsFiles(element: HTMLElement, given: Drop): { update(changed: Drop): void; destroy(): void } {
  let current = given;
  const holds = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const enter = (event: DragEvent): void => {
    if (!holds(event)) return;
    event.preventDefault();
    current.over(true);
  };
  const leave = (event: DragEvent): void => {
    if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) current.over(false);
  };
  const drop = (event: DragEvent): void => {
    if (!holds(event)) return;
    event.preventDefault();
    current.over(false);
    current.drop([...(event.dataTransfer?.files ?? [])]);
  };
  element.addEventListener('dragenter', enter);
  element.addEventListener('dragover', enter);
  element.addEventListener('dragleave', leave);
  element.addEventListener('drop', drop);
  return {
    update: (changed) => (current = changed),
    destroy() {
      element.removeEventListener('dragenter', enter);
      element.removeEventListener('dragover', enter);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop);
    },
  };
}
