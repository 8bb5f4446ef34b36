import type { HelpOf } from '../topics';

export const ownHelp: HelpOf<'own'> = {
  me: {
    title: 'Me',
    purpose: 'How you are reached, and how you sign in.',
    steps: [
      'Check your contact points: a mobile and at least one other way.',
      '“Add a passkey” on each device.',
      '“Make a card” for emergencies, print it, keep it elsewhere.',
    ],
    heed: ['“Signed-in devices”: close what you do not recognise.'],
  },
  devices: {
    title: 'My devices',
    purpose: 'Bring your identity to a new device, and do not lose it.',
    steps: [
      '“Add a device”: scan the QR code, compare the code on both screens.',
      '“Make my recovery code”, print it, put it away.',
      'A device is lost? “Remove” it, at once.',
    ],
    heed: ['Codes differ? “It differs”: nothing is accepted.', '“I have lost everything” changes your identity: others will have to verify it.'],
    more: ['Without your identity your rooms stay shut on this device. Alerts and bulletins work all the same.'],
  },
  offline: {
    title: 'Without a network',
    purpose: 'What works when the connection is cut.',
    steps: [
      'Read: rooms, crises, plans and this help are on the device.',
      'Write: what you send waits and leaves by itself.',
      'Look at the connection, on top or on the left: it says what waits.',
    ],
    heed: ['“Erase everything and sign me out” loses what still waits.', 'Raising an alert needs the server. Without it, take the telephone.'],
  },
  directory: {
    title: 'Directory',
    purpose: 'Find a person, a group, a site or a crisis function.',
    steps: [
      'Type a name. Tap the record to call.',
      '“Filter” shows who can be reached by nothing.',
      'Tab “Crisis functions”: who holds it, who is deputy.',
    ],
    heed: ['“Vacant”: nobody will be told for this function.'],
  },
  person: {
    title: 'A person',
    purpose: 'Their contact points, groups and functions.',
    steps: ['“Add a contact point”, then “Verify” it by a code.', '“Change” for site, job and language.', 'They leave? “Take out of the directory”.'],
    heed: ['A number that was never verified is a wrong number until proved otherwise.'],
  },
  group: {
    title: 'A group',
    purpose: 'Who is in it, and which groups it contains.',
    steps: ['“Add a person to the group”.', 'A group can contain others: see “Groups inside”.'],
    heed: ['Alerts to the group follow what is written here, to the minute.'],
  },
  import: {
    title: 'Importing people',
    purpose: 'Bring the directory up to date from a CSV file.',
    steps: ['Choose the file and say what it holds.', '“See what would change”: nothing changes yet.', 'Read it line by line, then apply it.'],
    heed: ['“The full list of the staff” takes out who is not in it. Read who would go.'],
    more: ['“Download an example” shows the expected columns. A line that is refused says why; the others go through.'],
  },
  rotas: {
    title: 'Duty rotas',
    purpose: 'Who is on duty now, and next.',
    steps: ['Tap a rota to see its calendar.', '“New duty rota” makes one.'],
    heed: ['“Nobody now”: call somebody, and fill the gap.'],
  },
  rota: {
    title: 'A duty rota',
    purpose: 'The calendar of a rota, its hand-overs and replacements.',
    steps: ['Tap a day to see who is on duty.', '“Replace” puts somebody else in for that time.', '“Back to the plan” takes a replacement away.'],
    heed: ['After a change, tell both people.'],
  },
  scenarios: {
    title: 'Scenarios',
    purpose: 'The alerts that are prepared in advance.',
    steps: ['Tap a scenario to read it again.', '“New scenario”: start from a model.'],
    heed: ['A scenario that is “Switched off” is not offered when night comes.'],
  },
  scenario: {
    title: 'A scenario',
    purpose: 'Prepare a message, who gets it, its channels and reminders.',
    steps: [
      'Write briefly, in French and in English.',
      'Choose who is told and by which channels.',
      '“Add a level” says what to do if too few answer.',
      'Save it, then try it in exercise mode.',
    ],
    heed: ['Several independent channels: never mail alone.'],
  },
  settings: {
    title: 'Settings',
    purpose: 'Organisation, channels, accounts and tokens.',
    steps: [
      '“Channels”: each should be “Ready”. Send yourself a test every month.',
      '“Accounts”: invite, withdraw, change roles.',
      '“API tokens”: one for each software, and for a short time.',
    ],
    heed: ['An administrator does not read what rooms hold. Nobody can from the server.'],
  },
  account: {
    title: 'Accounts',
    purpose: 'Invite a person, give their roles, react to a lost device.',
    steps: [
      '“Invite a person”: hand the link over in person.',
      'Give the roles that are needed, no more.',
      'A device is stolen? See “If a device is lost or stolen”.',
    ],
    heed: ['The invitation link is shown once only.'],
  },
  audit: {
    title: 'Audit trail',
    purpose: 'Who did what in Tocsin, and the proof that nothing was altered.',
    steps: ['Filter, then open a line.', 'Have the chain verified, then export it for the auditor.'],
    heed: ['It holds no message: what a crisis holds is exported from the crisis.'],
  },
  help: {
    title: 'Help',
    purpose: 'All that Tocsin can do, explained page by page, offline too.',
    steps: [
      'Type a word: hand-over, inject, offline…',
      'On each page the “Help” button says what matters.',
      'With the keyboard: Ctrl K finds a page, ? lists the keys.',
    ],
    heed: ['Help says how to do it. What to decide is in your plans.'],
  },
};
