import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabState } from '../page/state.js';
import { chooseLanguage, WORDS } from '../page/words.js';

const person = (id, name, mobile = null) => ({ id, name, detail: '', mobile, mail: null, off: false });
const message = (id, personId, more = {}) => ({
  id, person: personId, channel: 'sms', from: 'TOCSIN', to: '+33600000000', title: '', text: '', html: null, link: null, state: 'arriving', replies: [], at: 0, ...more,
});

test('the two languages have the same words', () => {
  assert.deepEqual(Object.keys(WORDS.en).sort(), Object.keys(WORDS.fr).sort());
});

test('the first language of the reader that we know is chosen, French otherwise', () => {
  assert.equal(chooseLanguage(['de-DE', 'en-GB', 'fr']), 'en');
  assert.equal(chooseLanguage(['de-DE']), 'fr');
});

test('those whose phone rang last come first, the others by name', () => {
  const state = new LabState();
  state.replace({ people: [person('z', 'Zoé'), person('e', 'Émile'), person('b', 'Bernard')], carriers: [], messages: [message(1, 'z')] });
  assert.deepEqual(state.find('').map(({ id }) => id), ['z', 'b', 'e']);
});

test('people are found by name without accents, and by number as it is written in France', () => {
  const state = new LabState();
  state.replace({ people: [person('e', 'Émile Lefèvre', '+33612345678'), person('b', 'Bernard')], carriers: [], messages: [] });
  assert.deepEqual(state.find('emile lefevre').map(({ id }) => id), ['e']);
  assert.deepEqual(state.find('06 12 34').map(({ id }) => id), ['e']);
});

test('a change to a known message is not a new message', () => {
  const state = new LabState();
  assert.equal(state.apply({ messages: [message(1, 'a')] }).length, 1);
  assert.equal(state.apply({ messages: [message(1, 'a', { state: 'delivered' })] }).length, 0);
  assert.equal(state.messagesOf('a')[0].state, 'delivered');
});

test('what came since the phone was looked at is counted', () => {
  const state = new LabState();
  state.apply({ messages: [message(1, 'a')] });
  state.markSeen('a');
  state.apply({ messages: [message(2, 'a'), message(3, 'a')] });
  assert.equal(state.unseenOf('a'), 2);
});
