import type { Dictionary } from '../message';

export const now = {
  'now.title': 'En cours',
  'now.raise': 'Lancer une alerte',
  'now.sentence.calm': 'Aucune alerte en cours.',
  'now.sentence.real': { one: 'Une alerte réelle est en cours.', other: '{n} alertes réelles sont en cours.' },
  'now.sentence.exercise': { one: 'Un exercice est en cours. Aucune alerte réelle.', other: '{n} exercices sont en cours. Aucune alerte réelle.' },
  'now.sentence.forMe': { one: 'Une alerte attend votre réponse.', other: '{n} alertes attendent votre réponse.' },
  'now.mine': { one: 'Répondez à cette alerte', other: 'Répondez à ces {n} alertes' },
  'now.active': 'Alertes en cours',
  'now.received': 'Alertes reçues',
  'now.calm.title': 'Tout est calme',
  'now.calm.last': 'Rien n’est en cours. Voici la dernière alerte.',
  'now.calm.first': 'Aucune alerte n’a encore été lancée. Commencez par un exercice : c’est aussi simple, et rien ne peut le confondre avec le réel.',
  'now.staff.title': 'Rien ne vous attend',
  'now.staff.text': 'Quand une alerte vous concernera, elle s’affichera ici et sur vos autres moyens de contact. Vérifiez qu’ils sont à jour.',
  'now.staff.action': 'Vérifier mes moyens de contact',
  'now.onDuty': 'D’astreinte maintenant',
  'now.onDuty.until': 'jusqu’à',
  'now.onDuty.none': 'Personne n’est d’astreinte',
  'now.onDuty.none.text': 'Créez un tour d’astreinte pour que les alertes trouvent toujours quelqu’un.',
} as const satisfies Dictionary;
