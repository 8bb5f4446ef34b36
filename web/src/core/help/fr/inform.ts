import type { HelpOf } from '../topics';

export const informHelp: HelpOf<'inform'> = {
  bulletins: {
    title: 'Bulletins',
    purpose: 'Ce que l’organisation dit à tous, et ce que vous avez manqué.',
    steps: [
      'Lisez ce qui est « En vigueur ».',
      'Puis « Ce que vous avez manqué », dans l’ordre.',
      'Vous communiquez ? Passez à « Cellule de communication » pour écrire et approuver.',
    ],
    heed: ['Ne vous fiez pas à une copie : le texte a pu être corrigé depuis.'],
  },
  bulletin: {
    title: 'Un bulletin',
    purpose: 'Lire un bulletin d’information et poser une question.',
    steps: ['Lisez l’heure, puis le texte.', 'Une question ? « Poser une question » : la réponse vient ici.'],
    heed: ['« Ce qui change » montre la correction. « Terminé » veut dire : ne vaut plus.'],
  },
  'bulletin-edit': {
    title: 'Écrire un bulletin',
    purpose: 'Préparer un seul texte pour le personnel, les partenaires et le public.',
    steps: [
      'Écrivez court : ce qui se passe, ce qu’il faut faire, quand viendra la suite.',
      'Choisissez les « Destinataires ».',
      'Enregistrez, puis demandez deux approbations.',
    ],
    heed: [
      'Le brouillon n’est pas chiffré de bout en bout. N’y mettez pas ce qui ne doit pas sortir.',
      'La moindre retouche fait une nouvelle version, à approuver à nouveau.',
    ],
  },
  'bulletin-desk': {
    title: 'Suivi du bulletin',
    purpose: 'Approuver, publier, répondre aux questions, corriger, terminer.',
    steps: [
      'Relisez tout, puis « Approuver cette version ». Il faut deux personnes qui ne l’ont pas écrite.',
      'Publiez vers les destinataires montrés.',
      'Répondez aux « Questions du personnel ».',
    ],
    heed: ['Ce qui est publié au public ne se reprend pas : corrigez, ou « Mettre fin au bulletin ».'],
  },
  'bulletin-partners': {
    title: 'Partenaires',
    purpose: 'Les adresses qui reçoivent les bulletins destinés aux partenaires.',
    steps: ['Écrivez un partenaire par ligne.', 'Relisez les adresses, puis enregistrez.'],
    heed: ['Une adresse fausse ne prévient personne : faites un exercice.'],
  },
  'public-page': {
    title: 'Page publique',
    purpose: 'Ce que tout le monde peut lire sans compte.',
    steps: [
      'Dites comment va l’organisation, que faire et qui appeler.',
      'Regardez l’« Aperçu » en français et en anglais.',
      'Appuyez sur « Publier ».',
    ],
    heed: ['Visible de tous aussitôt. Les exercices n’y paraissent que si vous le choisissez.'],
    more: ['Votre serveur est coupé du public ? « Télécharger la page (ZIP) » et posez ces fichiers sur n’importe quel hébergement.'],
  },
};
