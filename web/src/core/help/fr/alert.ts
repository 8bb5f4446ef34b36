import type { HelpOf } from '../topics';

export const alertHelp: HelpOf<'alert'> = {
  now: {
    title: 'En cours',
    purpose: 'Ce qui se passe maintenant, et ce que l’on attend de vous.',
    steps: [
      'Répondez d’abord aux alertes qui vous sont adressées : une touche suffit.',
      'Ouvrez la crise en cours pour savoir où l’on en est.',
      'Pour alerter, appuyez sur « Lancer une alerte ».',
    ],
    heed: ['Une bande violette hachurée dit que c’est un exercice. Sans elle, c’est réel.'],
    more: [
      'Hors ligne, la page montre le dernier état reçu et dit de quand il date. Vos réponses partent au retour de la liaison.',
      '« D’astreinte maintenant » donne les noms et les fonctions de qui appeler.',
    ],
  },
  raise: {
    title: 'Lancer une alerte : choisir',
    purpose: 'Choisir le scénario qui ressemble le plus à ce qui se passe.',
    steps: [
      'Cherchez un mot : incendie, panne, rançon…',
      'Touchez le scénario. Rien ne part encore : vous relirez tout avant.',
      'Rien ne convient ? Prenez « Alerte libre », si votre rôle le permet.',
    ],
    heed: ['N’attendez pas de tout savoir. Une mise à jour peut suivre dans cinq minutes.'],
  },
  'raise-check': {
    title: 'Lancer une alerte : vérifier et lancer',
    purpose: 'Relire le message, ses destinataires et ses canaux, puis lancer.',
    steps: [
      'Complétez ce qui est demandé : lieu, heure, consigne.',
      'Lisez l’aperçu tel qu’il arrivera, dans chaque langue.',
      'Vérifiez le nombre de personnes prévenues.',
      'Maintenez le bouton une seconde pour lancer.',
    ],
    heed: ['Regardez « Réelle » ou « Exercice » avant de lancer.', 'Un message parti ne revient pas. « Annuler l’alerte » envoie un autre message.'],
    more: ['Un message long coûte plusieurs SMS : l’aperçu compte les parties. « Écrire en lettres simples » en économise.'],
  },
  board: {
    title: 'Suivi de l’alerte',
    purpose: 'Voir qui a reçu, qui a répondu et qui a besoin d’aide.',
    steps: [
      'Occupez-vous d’abord de « Besoin d’aide » : appelez.',
      'Relancez ensuite : « Relancer les silencieux ».',
      'Quelqu’un répond par téléphone ? Ouvrez sa ligne, puis « Saisir sa réponse ».',
      'Quand c’est fini, envoyez « Fin d’alerte ».',
    ],
    heed: [
      '« Envoyé » ne veut pas dire lu. Seule une réponse prouve que la personne sait.',
      'Sans réponse ne veut pas dire en danger : vérifiez avant de conclure.',
    ],
    more: [
      '« Causes d’échec » dit pourquoi un message n’est pas arrivé et par où essayer encore.',
      '« Ouvrir une crise » part de cette alerte et garde le lien avec elle. Le rapport s’exporte en tableau ou en PDF.',
    ],
  },
  alerts: {
    title: 'Alertes',
    purpose: 'Retrouver les alertes en cours et passées.',
    steps: ['Touchez une alerte pour ouvrir son suivi.', 'Gardez « En cours » pour ne voir que ce qui n’est pas fini.'],
    heed: ['Les exercices portent le mot EXERCICE. Ne les mêlez pas aux alertes réelles dans vos comptes.'],
  },
  answer: {
    title: 'Répondre à une alerte',
    purpose: 'Dire que vous êtes en sécurité, que vous venez ou que vous avez besoin d’aide.',
    steps: [
      'Ouvrez le lien du SMS ou du courriel. Aucun compte n’est nécessaire.',
      'Touchez la réponse qui vous convient.',
      'Votre situation change ? Touchez « Changer ma réponse ».',
    ],
    heed: ['Ne donnez pas votre lien à quelqu’un d’autre : il répond pour vous.'],
    more: ['Sans liaison, votre réponse est gardée et part à son retour. Par SMS ou au téléphone, suivez ce que dit le message.'],
  },
};
