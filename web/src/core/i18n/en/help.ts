import type { help as french } from '../fr/help';
import type { Translated } from '../message';

export const help: Translated<typeof french> = {
  'nav.help': 'Help',
  'help.button.label': 'Help with this page',
  'help.here': 'Help',
  'help.lead': 'What each page is for, and how to use it. This help is on your device: it can be read without a network.',
  'help.search': 'Search the help',
  'help.found': { one: '{n} topic', other: '{n} topics' },
  'help.none': 'No topic matches',
  'help.none.text': 'Try another word, or go through the list.',
  'help.missing.text': 'It may have another name now. Look for it in the list.',
  'help.missing': 'There is no such topic',
  'help.all': 'All of the help',
  'help.do': 'How to do it',
  'help.heed': 'Look out for',
  'help.more': 'Good to know',
  'help.also': 'See also',
  'help.full': 'Read all: {title}',
  'help.close': 'Close the help',
  'help.failed': 'The help could not be loaded. It will be there when the connection returns; the rest of the page works.',
  'help.group.alert': 'Alerting',
  'help.group.crisis': 'Conducting a crisis',
  'help.group.together': 'Talking and meeting',
  'help.group.inform': 'Informing',
  'help.group.prepare': 'Preparing',
  'help.group.own': 'Your account, the directory and administration',
};
