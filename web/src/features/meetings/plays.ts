import type { Attachment } from 'svelte/attachments';

/** Whose turn it is, of each element. */
const turns = new WeakMap<HTMLMediaElement, object>();

/** Shows or sounds a track in the element that it is attached to. Where another follows it, the last picture stays until there is one of that. */
export function plays(track: MediaStreamTrack | undefined): Attachment<HTMLMediaElement> {
  return (element) => {
    const turn = {};
    turns.set(element, turn);
    if (track) {
      show(element, track);
      // Refused until the person has touched the page: they have, they came in.
      void element.play().catch(() => undefined);
    } else {
      element.srcObject = null;
    }
    return () => {
      // Another track may be attached at once.
      queueMicrotask(() => {
        if (turns.get(element) === turn) element.srcObject = null;
      });
    };
  };
}

/** Another stream would empty the element; another track within the same one does not. */
function show(element: HTMLMediaElement, track: MediaStreamTrack): void {
  const stream = element.srcObject;
  if (!(stream instanceof MediaStream)) {
    element.srcObject = new MediaStream([track]);
    return;
  }
  const others = stream.getTracks().filter((one) => one !== track);
  stream.addTrack(track);
  for (const other of others) stream.removeTrack(other);
}
