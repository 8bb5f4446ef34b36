import type { roomGroups as french } from '../fr/room-groups';
import type { Translated } from '../message';

/** Rooms that are open to a whole group of the directory. */
export const roomGroups: Translated<typeof french> = {
  'rooms.openTo': 'Open to a whole group of the directory',
  'rooms.openTo.hint':
    'People of the group find this room and ask to come in; Tocsin tells you who has joined or left the group. The server learns which group the room follows, not what it is called.',
  'rooms.openTo.none': 'No group: people are added one by one',
  'rooms.openTo.do': 'Open the room to this group',
  'rooms.openTo.close': 'Stop following a group',
  'rooms.openTo.now': 'This room is open to the group “{group}”. Its members stay in it if you stop following the group.',
  'rooms.group.in': {
    one: '{n} person of the group “{group}” is not in this room yet',
    other: '{n} people of the group “{group}” are not in this room yet',
  },
  'rooms.group.asked': { one: '{n} person asks to come in.', other: '{n} people ask to come in.' },
  'rooms.group.trust': 'It is the server that says who is in the group: read the names. Whoever comes in reads this room with you.',
  'rooms.group.names': 'Show the {n} names',
  'rooms.group.bringIn': { one: 'Bring {n} person in', other: 'Bring {n} people in' },
  'rooms.group.out': { one: '{n} member is no longer in the group “{group}”', other: '{n} members are no longer in the group “{group}”' },
  'rooms.group.out.text': 'Taken out, they read nothing of what follows: new keys begin. If you keep them, you are not asked again.',
  'rooms.group.takeOut': { one: 'Take {n} person out', other: 'Take {n} people out' },
  'rooms.group.keep': 'Keep in the room',
  'rooms.group.full': 'The group is larger than the room',
  'rooms.group.full.text': {
    one: 'A room has 200 members. {n} person of the group “{group}” stays outside until somebody leaves. A room for each part of the group takes everybody.',
    other:
      'A room has 200 members. {n} people of the group “{group}” stay outside until somebody leaves. A room for each part of the group takes everybody.',
  },
  'rooms.group.changed': 'The identity has changed of: {names}. Verify it before you bring them in.',
  'rooms.group.without': {
    one: '{n} person of the group has no device yet that is ready for encryption. They can come in once they have signed in to Tocsin.',
    other: '{n} people of the group have no device yet that is ready for encryption. They can come in once they have signed in to Tocsin.',
  },
  'rooms.group.hidden': 'The server does not show this room to the group “{group}”',
  'rooms.group.hidden.text': 'Its people do not find the room, and Tocsin proposes nobody to you. The group may be gone from the directory.',
  'rooms.group.showAgain': 'Show it again',
  'rooms.ofGroups': 'Open to your groups',
  'rooms.ofGroup': 'A room of the group “{group}”',
  'rooms.ofGroup.text': 'What it is called and who is in it, you see once you are in.',
  'rooms.ask': 'Ask to come in',
  'rooms.ask.of': 'Ask to come into the room of the group “{group}”',
  'rooms.asked': 'You have asked to come in. Whoever administers this room sees it.',
  'rooms.ask.withdraw': 'Take it back',
  'rooms.ask.withdraw.of': 'Take it back: the request for a room of the group “{group}”',
  'rooms.asking': { one: '{n} asks to come in', other: '{n} ask to come in' },
  'rooms.notice.openedTo': 'Opened to the group “{group}” by {by}.',
  'rooms.notice.closedTo': 'No longer open to a group, as {by} decided.',
};
