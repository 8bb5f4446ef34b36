import type { alerting as french } from '../fr/alerting';
import type { Translated } from '../message';

export const alerting: Translated<typeof french> = {
  'severity.info': 'Information',
  'severity.advisory': 'Advisory',
  'severity.severe': 'Severe',
  'severity.extreme': 'Extreme',

  'mode.real': 'Real',
  'mode.exercise': 'Exercise',

  'channel.in-app': 'App',
  'channel.web-push': 'Notification',
  'channel.sms': 'SMS',
  'channel.email': 'Mail',

  'alert.number': 'Alert {number}',
  'alert.raisedBy': 'raised by {name}',
  'alert.state.active': 'Under way',
  'alert.state.all-clear': 'All clear',
  'alert.state.cancelled': 'Cancelled',
  'alert.state.expired': 'Ended',
  'alert.answered': { one: '{n} of {of} answered', other: '{n} of {of} answered' },
  'alert.needHelp': { one: '{n} needs help', other: '{n} need help' },

  'answer.label': 'Your answer',
  'answer.given': 'Your answer: {answer}',
  'answer.kept': 'It will leave when the link returns.',
  'answer.change': 'Change my answer',
  'outbox.answer': 'Your answer to an alert',
  'outbox.refused': 'Something sent while offline was refused: {what}',

  'action.understood': 'I understand',
  'action.call': 'Call',
  'action.callPerson': 'Call {name}',
};
