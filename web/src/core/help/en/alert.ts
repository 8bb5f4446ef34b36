import type { HelpOf } from '../topics';

export const alertHelp: HelpOf<'alert'> = {
  now: {
    title: 'Now',
    purpose: 'What is happening now, and what is expected of you.',
    steps: [
      'Answer the alerts that are addressed to you first: one tap is enough.',
      'Open the crisis under way to see how things stand.',
      'To alert people, press “Raise an alert”.',
    ],
    heed: ['A violet hatched band means that it is an exercise. Without it, it is real.'],
    more: [
      'Offline, the page shows the last state that came and says how old it is. Your answers leave when the link returns.',
      '“On duty now” gives the names and functions of whom to call.',
    ],
  },
  raise: {
    title: 'Raise an alert: choose',
    purpose: 'Choose the scenario that is most like what is happening.',
    steps: [
      'Search for a word: fire, outage, ransom…',
      'Tap the scenario. Nothing leaves yet: you will read it all first.',
      'Nothing fits? Take “Free alert”, if your role allows it.',
    ],
    heed: ['Do not wait until you know everything. An update can follow in five minutes.'],
  },
  'raise-check': {
    title: 'Raise an alert: check and raise',
    purpose: 'Read the message, who gets it and by which channels, then raise it.',
    steps: [
      'Fill in what is asked for: place, time, instruction.',
      'Read the preview as it will arrive, in each language.',
      'Check how many people are told.',
      'Hold the button for one second to raise it.',
    ],
    heed: ['Look at “Real” or “Exercise” before you raise it.', 'A message that left does not come back. “Cancel the alert” sends another message.'],
    more: ['A long message costs several SMS: the preview counts the parts. “Write in plain letters” saves some.'],
  },
  board: {
    title: 'Alert board',
    purpose: 'See who has received it, who has answered and who needs help.',
    steps: [
      'See to “Needs help” first: call them.',
      'Then press “Remind the silent”.',
      'Somebody answers by telephone? Open their line, then “Enter their answer”.',
      'When it is over, send “All clear”.',
    ],
    heed: [
      '“Sent” does not mean read. Only an answer proves that the person knows.',
      'No answer does not mean in danger: check before you conclude.',
    ],
    more: [
      '“Why messages failed” says why a message did not arrive and which way to try next.',
      '“Open a crisis” starts from this alert and keeps the link to it. The report can be exported as a table or as PDF.',
    ],
  },
  alerts: {
    title: 'Alerts',
    purpose: 'Find alerts under way and past ones.',
    steps: ['Tap an alert to open its board.', 'Keep “Under way” to see only what is not over.'],
    heed: ['Exercises bear the word EXERCISE. Do not count them with real alerts.'],
  },
  answer: {
    title: 'Answering an alert',
    purpose: 'Say that you are safe, that you are coming or that you need help.',
    steps: ['Open the link in the SMS or mail. You need no account.', 'Tap the answer that fits.', 'Your situation changes? Tap “Change my answer”.'],
    heed: ['Do not pass your link on: it answers for you.'],
    more: ['Without a link to the server your answer is kept and leaves when it returns. By SMS or telephone, do what the message says.'],
  },
};
