import type { roomRefusals as french } from '../fr/room-refusals';
import type { Translated } from '../message';

/** Why an entry of a room does not count, after a colon: what happened, what to do. */
export const roomRefusals: Translated<typeof french> = {
  'rooms.refusal.entry-too-long': 'it is longer than an entry may be. If somebody wrote it, ask them to send it in parts.',
  'rooms.refusal.malformed-entry': 'this page can make nothing of it. Reload the page; if it stays, tell your security officer.',
  'rooms.refusal.unknown-class': 'it is of a kind that this page does not know. Reload the page; if it stays, tell your security officer.',
  'rooms.refusal.other-room': 'it belongs to another room, and the server put it here. Tell your security officer.',
  'rooms.refusal.unknown-device': 'it comes from a device that nobody here has vouched for. Do not rely on it, and tell your security officer.',
  'rooms.refusal.revoked-device': 'it comes from a device that was removed. Who still uses that device signs in on it again.',
  'rooms.refusal.bad-signature': 'its signature is wrong, so somebody changed or forged it. Do not rely on it, and tell your security officer.',
  'rooms.refusal.fork': 'its author had read something else here than you. Compare by another means what each of you reads.',
  'rooms.refusal.repeated': 'it is here already, and counts once. There is nothing to do.',
  'rooms.refusal.not-a-member': 'who wrote it was not in this room. Add them if they should write here.',
  'rooms.refusal.wrong-era': 'it was sealed with other keys than those of the moment. Ask whoever wrote it to write it again.',
  'rooms.refusal.malformed-statement':
    'this page can make nothing of the change it asks for. Reload the page; if it stays, have the change made again.',
  'rooms.refusal.malformed-certificate': 'it announces a device whose papers are not in order. Whoever uses that device signs in on it again.',
  'rooms.refusal.wrong-creation': 'it pretends to begin this room, which began otherwise. Tell your security officer.',
  'rooms.refusal.stale-roster': 'it changes the members without knowing their last change. Whoever made it looks at the members and makes it again.',
  'rooms.refusal.not-an-administrator': 'it changes the members, and who wrote it does not administer the room. Ask somebody who does.',
  'rooms.refusal.no-administrator-left': 'nobody would administer the room any more. Make somebody else administrator first.',
  'rooms.refusal.era-must-change':
    'somebody is gone or new, and it would have kept the old keys. Whoever wrote it reloads the page and does it again.',
  'rooms.refusal.device-exists': 'it announces a device that is known here already. There is nothing to do.',
  'rooms.refusal.wrong-guest': 'it takes a guest for a member, or a member for a guest. Let guests in by a link, and members from the directory.',
  'rooms.refusal.guest-gone': 'it lets in a guest whose access has ended. To let them in again, make a new link.',
  'rooms.refusal.guest-not-allowed': 'guests can not do this in a room. Ask a member to do it for them.',
  'rooms.refusal.guest-stay-over': 'a guest wrote it when their time here was over. To read more of them, let them in by a new link.',
};
