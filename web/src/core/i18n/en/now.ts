import type { now as french } from '../fr/now';
import type { Translated } from '../message';

export const now: Translated<typeof french> = {
  'now.title': 'Now',
  'now.raise': 'Raise an alert',
  'now.sentence.calm': 'No alert is under way.',
  'now.asOf': 'Last received:',
  'now.asOf.next': 'The rest will show when the link is back.',
  'now.sentence.real': { one: 'A real alert is under way.', other: '{n} real alerts are under way.' },
  'now.sentence.exercise': { one: 'An exercise is under way. No real alert.', other: '{n} exercises are under way. No real alert.' },
  'now.sentence.forMe': { one: 'An alert waits for your answer.', other: '{n} alerts wait for your answer.' },
  'now.mine': { one: 'Answer this alert', other: 'Answer these {n} alerts' },
  'now.active': 'Alerts under way',
  'now.received': 'Alerts received',
  'now.calm.title': 'All is calm',
  'now.calm.last': 'Nothing is under way. This was the last alert.',
  'now.calm.first': 'No alert was raised yet. Begin with an exercise: it is as simple, and nobody can mistake it for the real thing.',
  'now.staff.title': 'Nothing waits for you',
  'now.staff.text': 'When an alert concerns you, it shows here and on your other contact points. Check that they are up to date.',
  'now.staff.action': 'Check my contact points',
  'now.onDuty': 'On duty now',
  'now.onDuty.until': 'until',
  'now.onDuty.none': 'Nobody is on duty',
  'now.onDuty.none.text': 'Make a duty rota, so that alerts always find somebody.',
};
