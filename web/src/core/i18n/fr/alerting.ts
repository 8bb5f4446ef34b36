import type { Dictionary } from '../message';

/** The words of alerting that several pages say. */
export const alerting = {
  'severity.info': 'Information',
  'severity.advisory': 'Vigilance',
  'severity.severe': 'Grave',
  'severity.extreme': 'Danger vital',

  'mode.real': 'Réelle',
  'mode.exercise': 'Exercice',

  'channel.in-app': 'Application',
  'channel.web-push': 'Notification',
  'channel.sms': 'SMS',
  'channel.email': 'Courriel',

  'alert.number': 'Alerte {number}',
  'alert.raisedBy': 'lancée par {name}',
  'alert.state.active': 'En cours',
  'alert.state.all-clear': 'Fin d’alerte',
  'alert.state.cancelled': 'Annulée',
  'alert.state.expired': 'Terminée',
  'alert.answered': { one: '{n} réponse sur {of}', other: '{n} réponses sur {of}' },
  'alert.needHelp': { one: '{n} personne a besoin d’aide', other: '{n} personnes ont besoin d’aide' },

  'answer.label': 'Votre réponse',
  'answer.given': 'Votre réponse : {answer}',
  'answer.kept': 'Elle partira au retour de la liaison.',
  'answer.change': 'Changer ma réponse',
  'outbox.answer': 'Votre réponse à une alerte',
  'outbox.refused': 'Un envoi fait hors ligne a été refusé : {what}',

  'action.understood': 'J’ai compris',
  'action.call': 'Appeler',
  'action.callPerson': 'Appeler {name}',
} as const satisfies Dictionary;
