import type { shell as french } from '../fr/shell';
import type { Translated } from '../message';

export const shell: Translated<typeof french> = {
  'action.cancel': 'Cancel',
  'action.close': 'Close',
  'action.retry': 'Try again',
  'action.undo': 'Undo',

  'ui.optional': '(optional)',
  'ui.loading': 'Loading…',
  'ui.hold': 'Press and hold for one second',
  'ui.holdLonger': 'A little longer: keep pressing for one full second.',
  'ui.holdInstead': 'Confirm with two presses instead',
  'ui.holdConfirm': 'Do you confirm?',

  'exercise.word': 'EXERCISE',

  'nav.label': 'Main navigation',
  'nav.now': 'Now',
  'nav.alerts': 'Alerts',
  'nav.scenarios': 'Scenarios',
  'nav.directory': 'Directory',
  'nav.rotas': 'Duty rotas',
  'nav.settings': 'Settings',
  'nav.audit': 'Audit trail',
  'nav.me': 'Me',

  'shell.skip': 'Skip to content',
  'shell.exercise.detail': 'This is not a real alert.',
  'shell.demonstration': 'Demonstration: everything here is fictional.',
  'shell.notFound.title': 'There is no such page',
  'shell.notFound.text': 'The address may be incomplete, or what it showed was removed.',
  'shell.notFound.home': 'Back to what is going on now',
  'shell.notAllowed.title': 'This page is not open to you',
  'shell.notAllowed.text': 'Your roles do not give it. An administrator can change them in the settings.',
  'shell.pageFailed.title': 'The page could not be loaded',
  'shell.pageFailed.text': 'The link to the server is broken, or Tocsin was just updated. Nothing is lost.',
  'shell.unreachable.title': 'The server does not answer',
  'shell.unreachable.text':
    'Nobody has signed in on this device yet, so the server must be reached once. Check the network; we try again every ten seconds.',

  'connection.label': 'Connection:',
  'connection.online': 'Online',
  'connection.slow': 'Slow link',
  'connection.offline': 'Offline',
  'connection.unreachable': 'Server unreachable',
  'connection.slow.sentence': 'Slow link: pages may take a while to update.',
  'connection.offline.sentence': 'Offline. You can read and answer; what you send leaves when the link returns.',
  'connection.unreachable.sentence': 'Server unreachable since {since}. You can read and answer; we keep trying.',
  'connection.waiting': { one: '{n} waiting to leave.', other: '{n} waiting to leave.' },
  'connection.leaving': { one: 'Sending {n} that waited…', other: 'Sending {n} that waited…' },

  'palette.open': 'Search',
  'palette.placeholder': 'Page, person or action',
  'palette.results': 'Results',
  'palette.none': 'Nothing matches “{query}”.',

  'keys.title': 'Keyboard keys',
  'keys.palette': 'Find a page, a person or an action',
  'keys.help': 'Show this list',
  'keys.raise': 'Raise an alert',
  'keys.now': 'Go to Now',
  'keys.alerts': 'Go to the alerts',
  'keys.directory': 'Go to the directory',
  'keys.me': 'Go to Me',
};
