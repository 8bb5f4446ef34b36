import type { HelpOf } from '../topics';

export const togetherHelp: HelpOf<'together'> = {
  rooms: {
    title: 'Salons',
    purpose: 'Vos conversations chiffrées : groupes, cellules, tête-à-tête.',
    steps: ['Touchez un salon pour l’ouvrir. Le chiffre compte les messages non lus.', 'Pour en créer un, appuyez sur « Nouveau salon ».'],
    heed: ['Pour prévenir des gens qui n’ont pas l’application ouverte, lancez une alerte. Un salon ne réveille personne.'],
    more: [
      'Crises, plans et exercices s’ouvrent d’ici sur un téléphone. « Ouverts à vos groupes » montre les salons où vous pouvez demander à entrer.',
    ],
  },
  room: {
    title: 'Un salon',
    purpose: 'Écrire, joindre des fichiers, s’appeler. Seuls les membres lisent.',
    steps: [
      'Écrivez et envoyez. Hors ligne, le message attend et part seul.',
      'Important ? Choisissez « Prioritaire » : chacun doit confirmer avec « J’ai lu ».',
      '« Appeler les membres » ouvre un appel chiffré.',
    ],
    heed: ['Vérifiez qui est membre avant d’écrire ce qui est délicat.', 'Une identité est à vérifier ? Comparez les codes de vive voix.'],
    more: [
      'Main courante, tâches et tableau partagé du salon s’ouvrent en haut de la page.',
      '« Commencer de nouvelles clés » sert quand les clés ont été perdues avec un appareil. Le passé reste lisible à qui l’avait.',
      'Quitter un salon l’efface ici. La page demande qui l’administre ensuite.',
    ],
  },
  guests: {
    title: 'Inviter quelqu’un de l’extérieur',
    purpose: 'Faire entrer dans un salon une personne sans compte, par un lien.',
    steps: [
      'Dans les membres du salon : « Créer un lien ». Choisissez sa durée.',
      'Transmettez-le par un moyen sûr.',
      'La personne demande à entrer : comparez le code au téléphone, puis faites entrer.',
    ],
    heed: [
      'Sans comparer le code, vous ne savez pas qui entre.',
      'Un invité lit de son arrivée à la fin du lien. Retirez-le quand il n’a plus rien à y faire.',
    ],
  },
  meetings: {
    title: 'Réunions',
    purpose: 'Les réunions ouvertes, et en ouvrir une.',
    steps: [
      'Touchez une réunion pour la rejoindre.',
      '« Ouvrir une réunion » : un nom, qui est invité, salle d’attente ou non.',
      'Avant une réunion qui compte : « Vérifier mon matériel ».',
    ],
    heed: ['Une réunion ouverte à toute l’organisation l’est vraiment à tous.'],
  },
  meeting: {
    title: 'En réunion',
    purpose: 'Se voir et se parler, chiffré de bout en bout.',
    steps: [
      'Choisissez micro et caméra, puis « Entrer dans la réunion ».',
      'Liaison faible ? « Son seul », dans « Options ».',
      'Le bouclier montre le code : lisez-le à voix haute, tous doivent avoir le même.',
    ],
    heed: ['Codes différents ? Quittez, et rappelez par un autre moyen.'],
    more: ['Qui anime fait entrer depuis la salle d’attente, coupe les micros et verrouille. « Appuyer pour parler » évite les bruits de fond.'],
  },
  'equipment-check': {
    title: 'Vérifier son matériel',
    purpose: 'Savoir avant la réunion si micro, caméra et liaison marchent.',
    steps: ['Appuyez sur « Lancer la vérification ».', 'Lisez ce qui est « À corriger » : la ligne dit comment.'],
    heed: ['Le navigateur demande l’accès au micro et à la caméra : acceptez.'],
  },
};
