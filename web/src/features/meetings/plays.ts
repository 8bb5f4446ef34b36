import type { Attachment } from 'svelte/attachments';

/** Shows or sounds a track in the element that it is attached to. */
export function plays(track: MediaStreamTrack | undefined): Attachment<HTMLMediaElement> {
  return (element) => {
    element.srcObject = track ? new MediaStream([track]) : null;
    // Refused until the person has touched the page: they have, they came in.
    if (track) void element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  };
}
