import type { Dictionary } from '../message';

/** Rooms that are open to a whole group of the directory. */
export const roomGroups = {
  'rooms.openTo': 'Ouvrir à tout un groupe de l’annuaire',
  'rooms.openTo.hint':
    'Les personnes du groupe trouvent ce salon et demandent à y entrer ; Tocsin vous dit qui a rejoint ou quitté le groupe. Le serveur apprend quel groupe le salon suit, pas comment il s’appelle.',
  'rooms.openTo.none': 'Aucun groupe : on ajoute les personnes une à une',
  'rooms.openTo.do': 'Ouvrir le salon à ce groupe',
  'rooms.openTo.close': 'Ne plus suivre de groupe',
  'rooms.openTo.now': 'Ce salon est ouvert au groupe « {group} ». Ses membres y restent si vous cessez de le suivre.',
  'rooms.group.in': {
    one: '{n} personne du groupe « {group} » n’est pas encore dans ce salon',
    other: '{n} personnes du groupe « {group} » ne sont pas encore dans ce salon',
  },
  'rooms.group.asked': { one: '{n} personne demande à entrer.', other: '{n} personnes demandent à entrer.' },
  'rooms.group.trust': 'C’est le serveur qui dit qui est dans le groupe : lisez les noms. Qui entre lit ce salon avec vous.',
  'rooms.group.names': 'Voir les {n} noms',
  'rooms.group.bringIn': { one: 'Faire entrer {n} personne', other: 'Faire entrer {n} personnes' },
  'rooms.group.out': { one: '{n} membre n’est plus dans le groupe « {group} »', other: '{n} membres ne sont plus dans le groupe « {group} »' },
  'rooms.group.out.text':
    'Les retirer leur ferme la suite du salon : de nouvelles clés commencent. Si vous les gardez, la question n’est plus posée.',
  'rooms.group.takeOut': { one: 'Retirer {n} personne', other: 'Retirer {n} personnes' },
  'rooms.group.keep': 'Garder dans le salon',
  'rooms.group.full': 'Le groupe est plus grand que le salon',
  'rooms.group.full.text': {
    one: 'Un salon a 200 membres. {n} personne du groupe « {group} » reste dehors tant que personne ne part. Un salon pour chaque partie du groupe accueille tout le monde.',
    other:
      'Un salon a 200 membres. {n} personnes du groupe « {group} » restent dehors tant que personne ne part. Un salon pour chaque partie du groupe accueille tout le monde.',
  },
  'rooms.group.changed': 'L’identité a changé pour : {names}. Vérifiez-la avant de les faire entrer.',
  'rooms.group.without': {
    one: '{n} personne du groupe n’a pas encore d’appareil prêt pour le chiffrement. Elle pourra entrer une fois connectée à Tocsin.',
    other: '{n} personnes du groupe n’ont pas encore d’appareil prêt pour le chiffrement. Elles pourront entrer une fois connectées à Tocsin.',
  },
  'rooms.group.hidden': 'Le serveur ne montre pas ce salon au groupe « {group} »',
  'rooms.group.hidden.text': 'Ses personnes ne le trouvent pas, et Tocsin ne vous propose personne. Le groupe n’est peut-être plus dans l’annuaire.',
  'rooms.group.showAgain': 'Le montrer à nouveau',
  'rooms.ofGroups': 'Ouverts à vos groupes',
  'rooms.ofGroup': 'Un salon du groupe « {group} »',
  'rooms.ofGroup.text': 'Son nom et ses membres se voient une fois entré.',
  'rooms.ask': 'Demander à entrer',
  'rooms.ask.of': 'Demander à entrer dans le salon du groupe « {group} »',
  'rooms.asked': 'Vous avez demandé à entrer. Qui administre ce salon le voit.',
  'rooms.ask.withdraw': 'Retirer la demande',
  'rooms.ask.withdraw.of': 'Retirer la demande d’entrer dans le salon du groupe « {group} »',
  'rooms.asking': { one: '{n} demande à entrer', other: '{n} demandent à entrer' },
  'rooms.notice.openedTo': 'Ouvert au groupe « {group} » par {by}.',
  'rooms.notice.closedTo': 'N’est plus ouvert à un groupe, par décision de {by}.',
} as const satisfies Dictionary;
