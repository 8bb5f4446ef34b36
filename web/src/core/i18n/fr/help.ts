import type { Dictionary } from '../message';

/** What surrounds the help; its topics are in core/help. */
export const help = {
  'nav.help': 'Aide',
  'help.button.label': 'Aide sur cette page',
  'help.here': 'Aide',
  'help.lead': 'À quoi sert chaque page, et comment s’en servir. Cette aide est sur votre appareil : elle se lit sans réseau.',
  'help.search': 'Chercher dans l’aide',
  'help.found': { one: '{n} sujet', other: '{n} sujets' },
  'help.none': 'Aucun sujet ne correspond',
  'help.none.text': 'Essayez un autre mot, ou parcourez la liste.',
  'help.missing': 'Ce sujet n’existe pas',
  'help.missing.text': 'Il a peut-être changé de nom. Cherchez-le dans la liste.',
  'help.all': 'Toute l’aide',
  'help.do': 'Comment faire',
  'help.heed': 'À surveiller',
  'help.more': 'Pour en savoir plus',
  'help.also': 'Voir aussi',
  'help.full': 'Tout lire : {title}',
  'help.close': 'Fermer l’aide',
  'help.failed': 'L’aide n’a pas pu être chargée. Elle sera là quand la liaison reviendra ; le reste de la page marche.',
  'help.group.alert': 'Alerter',
  'help.group.crisis': 'Conduire une crise',
  'help.group.together': 'Se parler et se réunir',
  'help.group.inform': 'Informer',
  'help.group.prepare': 'Se préparer',
  'help.group.own': 'Votre compte, l’annuaire et l’administration',
} as const satisfies Dictionary;
