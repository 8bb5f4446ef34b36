import type { HelpOf } from '../topics';

export const prepareHelp: HelpOf<'prepare'> = {
  plans: {
    title: 'Plans and action cards',
    purpose: 'Who does what in the first hour, to be read without a network.',
    steps: [
      'Search for a plan or a card, and open it.',
      'No plans yet? “Begin a library”, with plans that are ready to adapt.',
      'You administer? “New action card” or “New plan”.',
    ],
    heed: ['Open this page once on each device: it then keeps all of it.', 'Print them, too: a screen may be missing.'],
  },
  plan: {
    title: 'A plan or an action card',
    purpose: 'Read it, fill it in, print it, and make tasks of it.',
    steps: [
      'Fill in place and names: they count for this once only.',
      '“Make it a task” puts a line into a room.',
      'For a plan: “Open a crisis with this plan”.',
    ],
    heed: ['Expired? Check names and numbers before you rely on it.'],
  },
  'plan-edit': {
    title: 'Writing a plan or a card',
    purpose: 'Write what people will follow in the night of the worst day.',
    steps: [
      'One action a line, in the imperative.',
      'Make “What not to do” stand out.',
      'Say who keeps it up to date and until when it is valid, then “Keep this version”.',
    ],
    heed: ['Name functions, not people: names come from the directory and the duty rotas.'],
  },
  'plan-versions': {
    title: 'Versions of a plan',
    purpose: 'See who changed what, and take an earlier text again.',
    steps: ['Choose a version: “What is different” compares it.', '“Take again” starts from that text. Nothing is erased.'],
    heed: ['“Two versions written at the same time”: compare them, the later does not know the other.'],
  },
  exercises: {
    title: 'Exercises',
    purpose: 'Prepare and run exercises, without the players seeing them.',
    steps: [
      '“Begin an animators’ room”: three ready exercises wait for you.',
      'Choose a script and prepare it.',
      'Each month: “Run this month’s test”.',
    ],
    heed: ['Put no player into the animators’ room.'],
  },
  script: {
    title: 'An exercise script',
    purpose: 'Read the timeline again and prepare a run.',
    steps: ['Read objectives and injects.', 'Open a crisis in exercise mode with the players.', '“Prepare this exercise”: choose their crisis.'],
    heed: ['An inject that will never leave by itself is to be corrected, or sent by hand.', 'SMS and mails really leave only if you ask for it.'],
    more: ['An exercise alert that asks for no answer has no reaction time.'],
  },
  'script-edit': {
    title: 'Writing an exercise',
    purpose: 'Compose objectives, injects and their timeline.',
    steps: [
      '“Add an objective”: what you want to see.',
      '“Add an inject”: the text, when it leaves, the expected reaction.',
      'A spreadsheet? “Import a table”.',
    ],
    heed: ['An exercise is written in one language. Begin each message with EXERCISE where it leaves Tocsin.'],
  },
  run: {
    title: 'Cockpit',
    purpose: 'Run the exercise: its time, its injects, what is observed.',
    steps: ['“Start the exercise” starts the clock.', '“Send now” or “Skip” for each inject.', 'Note what you see, objective by objective.'],
    heed: ['Keep one animator’s page open: closed everywhere, nothing leaves.', 'A real event? End the exercise and say so aloud.'],
  },
  'exercise-report': {
    title: 'Lessons learned',
    purpose: 'Compare what was expected with what happened, and decide what follows.',
    steps: [
      'Read the figures, then “Expected and actual”.',
      'Add each action in “Actions to follow”: what, who, by when.',
      '“Make it a task” gives it to somebody.',
    ],
    heed: ['Judge the organisation, not the people.', 'The figures of “Alerts that left” are kept as they stand once the exercise has ended.'],
  },
  injects: {
    title: 'Injects received',
    purpose: 'What the animators sent you during the exercise.',
    steps: ['Read the latest inject and act as if it were real.', 'Enter your decisions into the log of the crisis.'],
    heed: ['None of it takes place. Do not call the real emergency services without the animators’ word.'],
  },
  drills: {
    title: 'Monthly test of the alert',
    purpose: 'Know how many people answer, and how fast.',
    steps: ['In Exercises: “Run this month’s test”.', 'Raise an alert in exercise mode, to all.', 'Compare it with the month before.'],
    heed: ['Check “Exercise” before you raise it.'],
  },
  trainings: {
    title: 'Trainings',
    purpose: 'Who is trained, in what, and when.',
    steps: [
      'Tap a training to see its material and confirm your presence.',
      '“New training” prepares one.',
      '“Who follows trainings” shows who lacks some.',
    ],
    heed: ['The figures come from the trainings that this device can read.'],
  },
  'training-new': {
    title: 'Preparing a training',
    purpose: 'Set the date, the material and who is expected.',
    steps: [
      'Give title, day, length and place.',
      'Write the material; attach files afterwards, in the room.',
      'Choose who is expected, then “Make the training”.',
    ],
    heed: ['Somebody without a device that is ready can not be added. Note them on the printed sheet.'],
  },
  training: {
    title: 'A training',
    purpose: 'Read the material, and say who was there.',
    steps: [
      'During the session, press “I am present”.',
      'You give it? Note the others in “Attendance sheet”.',
      'Print the sheet or export it: “Export (CSV)”.',
    ],
    heed: ['A correction is added, it erases nothing. Say why.'],
  },
  readiness: {
    title: 'Readiness',
    purpose: 'Would people be told and led tonight?',
    steps: ['Begin with “Urgent”: the sentence on top says where.', 'On each line, the button leads to what mends it.', 'Then what is “To look at”.'],
    heed: ['Plans and exercises are judged by what this device can read.'],
  },
  refreshes: {
    title: 'Contact campaigns',
    purpose: 'Ask each person to check their numbers and addresses.',
    steps: [
      '“Start a refresh”: whom, by when, which message.',
      '“Check who will be told”, then start it.',
      'Open the campaign under way to follow it.',
    ],
    heed: ['One address is not enough: aim at a mobile for everybody.'],
  },
  refresh: {
    title: 'A contact campaign',
    purpose: 'See who confirmed, who changed and who has not answered.',
    steps: ['Filter “No answer yet”.', '“Export who has not answered” gives the list of whom to call.'],
    heed: ['“Somebody else’s address”: correct the record, somebody gets what is meant for another.'],
  },
};
