import type { HelpOf } from '../topics';

export const crisisHelp: HelpOf<'crisis'> = {
  crises: {
    title: 'Crises',
    purpose: 'The crises that you are in, under way and closed.',
    steps: ['Tap a crisis to go in.', 'To begin one, press “Open a crisis”.'],
    heed: ['A crisis that you are not in does not show here. Ask somebody in it to add you.'],
    more: ['The server can read nothing of a crisis. It is kept encrypted on the devices of its members, and can be read offline.'],
  },
  'crisis-opening': {
    title: 'Opening a crisis',
    purpose: 'Create the rooms of the crisis at once and bring the people in.',
    steps: [
      'Give it a name that everybody understands.',
      'Choose a plan: it fills in the cells and the first tasks.',
      'Check who is in each cell, then open it.',
    ],
    heed: ['“Real” or “Exercise” does not change afterwards.', 'Who has no device ready yet can not be added: tell them another way.'],
    more: ['Cut off half-way? Go back to the list of crises and press “Go on opening”: only what is missing is created.'],
  },
  crisis: {
    title: 'Conducting the crisis',
    purpose: 'How things stand, who does what, and what to do now.',
    steps: [
      'Read the status, the recent decisions and the overdue tasks.',
      'The status changes? “Update the situation” tells everybody and enters it.',
      'Go into your cell to act.',
    ],
    heed: ['Enter each decision into the log, at once.', 'Only the people of the crisis read this page.'],
    more: [
      '“Conduct the crisis”, further down, is for handing over, adding people, opening a cell and closing.',
      'The banner of a report that is due to an authority gives the time limit: do not ignore it.',
    ],
  },
  cells: {
    title: 'Cells and functions',
    purpose: 'A crisis cell is a group with a room, a log and tasks of its own.',
    steps: [
      'To add one: “Open another cell”, in the crisis.',
      'Give it its crisis functions: the directory and the duty rotas propose names.',
      'A room is missing? Press “Open its room”.',
    ],
    heed: ['What a cell says among itself stays in its room. The others do not read it.'],
    more: ['Who opens the crisis is in all cells, and may leave them afterwards. “Vacant” means that nobody holds the function.'],
  },
  'hand-over': {
    title: 'Handing over',
    purpose: 'Entrust the crisis or a cell to somebody, without losing anything.',
    steps: [
      'In the crisis, press “Hand over” and say to whom.',
      'Write how things stand. The open tasks are there already: complete them.',
      'The other person presses “I take over”.',
    ],
    heed: ['As long as the other has not accepted, you still lead. Wait for their word.'],
  },
  'catch-up': {
    title: 'Catch up',
    purpose: 'What matters in the crisis on one page, for who comes in.',
    steps: ['Read “How things stand”, then “What was decided”.', 'Look at “What remains to be done”: is your name there?'],
    heed: ['The page shows only the rooms that you can read.'],
    more: ['It is worked out on your device. Offline, it ends with what you have received.'],
  },
  log: {
    title: 'Log',
    purpose: 'What happened and what was decided, in order, with nothing that can be erased.',
    steps: [
      'Press “Enter a line”. Say whether it is a fact, a decision or an action.',
      'Give the time when it happened, and your source.',
      'A mistake? “Correct”, with the reason. The earlier text can still be read.',
    ],
    heed: ['Write what is certain. Mark the rest “To be verified”.', 'Nothing is erased: do not write what need not be kept.'],
    more: [
      'Each line bears two times: of what happened, and of its writing. Numbers never change.',
      'Among the messages of a room, “Enter into the log” takes a message over in one tap.',
      'Once the crisis is closed nothing more is entered: open it again first.',
    ],
  },
  tasks: {
    title: 'Tasks',
    purpose: 'Who does what, and by when.',
    steps: ['Press “Add a task”: what, who, by when.', 'Take yours: “Begin”, then “Finish”.', 'You are stuck? Say so in “Comment”.'],
    heed: [
      'A task without a name is nobody’s. A task without a time waits.',
      'At its time, whoever has a task is reminded by the server, which does not know what it is. Not once the crisis is closed.',
    ],
    more: ['“Mine” keeps only your tasks. An action card becomes tasks on its own page.'],
  },
  situation: {
    title: 'Situation reports',
    purpose: 'Prepare together, at set times, what everybody has to know.',
    steps: [
      'Set the rhythm: “Set the rhythm”.',
      'Press “Prepare the next report” and write your section.',
      'Press “Submit for approval”. Somebody else reads and approves, then it is published.',
    ],
    heed: ['Nobody approves their own text.', 'A section that was changed after the submission is not in the text: submit again.'],
    more: [
      '“Add from the crisis” takes over facts, decisions and tasks from the logs.',
      'Two people wrote the same section? The page says so and lets you choose. Nothing is lost.',
    ],
  },
  'situation-report': {
    title: 'A published situation report',
    purpose: 'Read a situation report, compare it and print it.',
    steps: [
      'Read the time of publication: it is how things stood then.',
      'Compare it with another report to see what changed.',
      'Print it for the room.',
    ],
    heed: ['“Published without approval” shows at the top: the person led the crisis alone.'],
  },
  'shared-board': {
    title: 'Shared board',
    purpose: 'Draw and place pins together, on a plan or a blank sheet.',
    steps: [
      'Choose what lies below: “Plan or picture”.',
      'Place a “Pin” and give it a name.',
      'With the keyboard, use “Add a pin or a note” and give a square, from A1 to J10.',
      'To move it with the keyboard: “Show” in the list, then the arrows, in larger steps with Shift.',
    ],
    heed: ['“Clear the board” is for everybody.', 'The board is no map: check distances.'],
    more: [
      '“Undo my step” takes back only what you did. The list below the board says everything in words.',
      'Zoom with two fingers, the wheel, or the buttons +, − and “Show all”.',
      'Pins that cover each other: press again to take the next one, or choose in the list that appears below the board.',
    ],
  },
  stakeholders: {
    title: 'Stakeholders',
    purpose: 'Know who outside was told, and whom to call again.',
    steps: [
      'Begin with “Whom to contact again”: what is late is on top.',
      'After each call, “Record a contact”: with whom, what, and the next contact.',
      'Somebody is missing? “Add a stakeholder”.',
    ],
    heed: ['What is promised outside binds you. Record the words that were said.'],
    more: ['A contact is entered in the log as well, unless you untick it. It can be corrected, not erased.'],
  },
  reporting: {
    title: 'Reports to authorities',
    purpose: 'Keep the time limits of the law: NIS 2, DORA, GDPR.',
    steps: [
      'Press “Start the clocks”: which law, which authority, known since when.',
      'Prepare the draft: what is known already is in it.',
      'Send it to the authority yourself, then record here that it was sent.',
    ],
    heed: [
      'Tocsin sends nothing to authorities. It counts the time and keeps the evidence.',
      'The time runs since you knew, not since this page was opened.',
    ],
    more: ['Nothing is due? “Stop the clocks” asks why and keeps the record. In doubt, call your lawyer.'],
  },
  closing: {
    title: 'Closing a crisis and opening it again',
    purpose: 'End properly, and be able to come back.',
    steps: ['In the crisis: “Close the crisis”. Tick what is done.', 'Say how it ends.', 'It comes back? “Open the crisis again”, with the reason.'],
    heed: ['Closing does not send the all-clear. Send it from the alert board.'],
    more: ['A closed crisis can still be read and exported. Nothing more is entered into its log until it is opened again.'],
  },
  export: {
    title: 'Exporting the crisis',
    purpose: 'Keep the whole record, with what proves who wrote what and when.',
    steps: [
      'In the crisis, press “Export the crisis”.',
      'Save the archive and put it away, off the network.',
      'Who has to verify it uses the command “tocsin verify”, without a server.',
    ],
    heed: [
      'The archive holds only the cells that you are in. The page says how many are missing.',
      'The archive can be read without a password of Tocsin: protect it like the record.',
    ],
  },
  'crisis-report': {
    title: 'Report of a crisis',
    purpose: 'The whole crisis on pages that can be printed or kept as a PDF.',
    steps: [
      'Choose the parts that the report contains.',
      'Press “Print”, and choose paper or PDF.',
      'Give it to who has to read it, and note to whom.',
    ],
    heed: [
      'On paper nothing is encrypted any more: keep the report like a confidential document.',
      'Paper proves nothing by itself: the sealed archive does, and it holds the same report.',
    ],
  },
};
