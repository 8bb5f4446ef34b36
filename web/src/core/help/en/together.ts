import type { HelpOf } from '../topics';

export const togetherHelp: HelpOf<'together'> = {
  rooms: {
    title: 'Rooms',
    purpose: 'Your encrypted conversations: groups, cells, one to one.',
    steps: ['Tap a room to open it. The number counts unread messages.', 'To begin one, press “New room”.'],
    heed: ['To tell people who do not have the app open, raise an alert. A room wakes nobody.'],
    more: ['Crises, plans and exercises are opened from here on a phone. “Open to your groups” shows the rooms where you can ask to come in.'],
  },
  room: {
    title: 'A room',
    purpose: 'Write, attach files, call each other. Only members read.',
    steps: [
      'Write and send. Offline, the message waits and leaves by itself.',
      'Important? Choose “Priority”: each person must confirm with “I have read it”.',
      '“Call the members” opens an encrypted call.',
    ],
    heed: ['Check who is a member before you write what is delicate.', 'An identity is to be verified? Compare the codes aloud.'],
    more: [
      'Log, tasks and shared board of the room open at the top of the page.',
      '“Begin new keys” is for when the keys were lost with a device. Who had the past can still read it.',
      'Leaving a room erases it here. The page asks who administers it afterwards.',
    ],
  },
  guests: {
    title: 'Inviting somebody from outside',
    purpose: 'Let somebody without an account into a room, by a link.',
    steps: [
      'Among the members of the room: “Make a link”. Choose how long it is valid.',
      'Hand it over by a safe way.',
      'They ask to come in: compare the code by telephone, then let them in.',
    ],
    heed: [
      'Without comparing the code you do not know who comes in.',
      'A guest reads from their arrival to the end of the link’s time. Remove them once they are done.',
    ],
  },
  meetings: {
    title: 'Meetings',
    purpose: 'The open meetings, and opening one.',
    steps: [
      'Tap a meeting to join it.',
      '“Open a meeting”: a name, who is invited, a waiting room or not.',
      'Before a meeting that matters: “Check my equipment”.',
    ],
    heed: ['A meeting that is open to the whole organisation really is open to all.'],
  },
  meeting: {
    title: 'In a meeting',
    purpose: 'See and hear each other, encrypted end to end.',
    steps: [
      'Choose microphone and camera, then “Go into the meeting”.',
      'A weak line? “Sound only”, in “Options”.',
      'The shield shows the code: read it aloud, all must have the same.',
    ],
    heed: ['Codes differ? Leave, and call back another way.'],
    more: ['Who hosts lets people in from the waiting room, mutes and locks. “Push to talk” keeps background noise out.'],
  },
  'equipment-check': {
    title: 'Checking your equipment',
    purpose: 'Know before the meeting whether microphone, camera and line work.',
    steps: ['Press “Begin the check”.', 'Read what is “To be mended”: the line says how.'],
    heed: ['The browser asks for access to microphone and camera: accept.'],
  },
};
