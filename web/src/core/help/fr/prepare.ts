import type { HelpOf } from '../topics';

export const prepareHelp: HelpOf<'prepare'> = {
  plans: {
    title: 'Plans et fiches réflexes',
    purpose: 'Qui fait quoi dans la première heure, lisible sans réseau.',
    steps: [
      'Cherchez un plan ou une fiche, et ouvrez-le.',
      'Pas encore de plans ? « Commencer une bibliothèque », avec des plans prêts à adapter.',
      'Vous administrez ? « Nouvelle fiche réflexe » ou « Nouveau plan ».',
    ],
    heed: ['Ouvrez cette page une fois sur chaque appareil : il garde alors tout.', 'Imprimez aussi : un écran peut manquer.'],
  },
  plan: {
    title: 'Un plan ou une fiche réflexe',
    purpose: 'Lire, compléter, imprimer, et en faire des tâches.',
    steps: [
      'Complétez lieu et noms : cela vaut pour cette fois seulement.',
      '« En faire une tâche » met une ligne dans un salon.',
      'Pour un plan : « Ouvrir une crise avec ce plan ».',
    ],
    heed: ['Périmé ? Vérifiez noms et numéros avant de vous y fier.'],
  },
  'plan-edit': {
    title: 'Écrire un plan ou une fiche',
    purpose: 'Rédiger ce que l’on suivra la nuit du jour le pire.',
    steps: [
      'Une action par ligne, à l’impératif.',
      'Mettez « À ne pas faire » en évidence.',
      'Donnez qui le tient à jour et jusqu’à quand il vaut, puis « Enregistrer une version ».',
    ],
    heed: ['Nommez des fonctions, pas des personnes : les noms viennent de l’annuaire et des astreintes.'],
  },
  'plan-versions': {
    title: 'Versions d’un plan',
    purpose: 'Voir qui a changé quoi, et reprendre un ancien texte.',
    steps: ['Choisissez une version : « Ce qui diffère » la compare.', '« Reprendre » repart de ce texte. Rien ne s’efface.'],
    heed: ['« Deux versions écrites en même temps » : comparez-les, la dernière ne connaît pas l’autre.'],
  },
  exercises: {
    title: 'Exercices',
    purpose: 'Préparer et jouer des exercices, sans que les joueurs les voient.',
    steps: [
      '« Ouvrir une salle d’animation » : trois exercices prêts vous attendent.',
      'Choisissez un scénario d’exercice et préparez-le.',
      'Chaque mois : « Faire le test du mois ».',
    ],
    heed: ['Ne mettez aucun joueur dans la salle d’animation.'],
  },
  script: {
    title: 'Un scénario d’exercice',
    purpose: 'Relire le chronogramme et préparer une partie.',
    steps: [
      'Relisez objectifs et stimulus.',
      'Ouvrez une crise en mode exercice avec les joueurs.',
      '« Préparer cet exercice » : choisissez leur crise.',
    ],
    heed: [
      'Un stimulus qui ne partira jamais de lui-même est à corriger, ou à envoyer à la main.',
      'SMS et courriels ne partent pour de vrai que si vous le demandez.',
    ],
    more: ['Sans réponse demandée, une alerte d’exercice n’a pas de temps de réaction.'],
  },
  'script-edit': {
    title: 'Écrire un exercice',
    purpose: 'Composer objectifs, stimulus et leur chronogramme.',
    steps: [
      '« Ajouter un objectif » : ce que l’on veut voir.',
      '« Ajouter un stimulus » : le texte, quand il part, la réaction attendue.',
      'Un tableur ? « Importer un tableau ».',
    ],
    heed: ['Un exercice est écrit dans une langue. Commencez chaque message par EXERCICE s’il sort de Tocsin.'],
  },
  run: {
    title: 'Poste d’animation',
    purpose: 'Conduire l’exercice : son temps, ses stimulus, ce que l’on observe.',
    steps: [
      '« Commencer l’exercice » lance l’horloge.',
      '« Envoyer maintenant » ou « Passer » pour chaque stimulus.',
      'Notez ce que vous voyez, objectif par objectif.',
    ],
    heed: [
      'Gardez une page d’animation ouverte : fermée partout, rien ne part.',
      'Un événement réel ? Terminez l’exercice et dites-le à voix haute.',
    ],
  },
  'exercise-report': {
    title: 'Retour d’expérience (RETEX)',
    purpose: 'Comparer l’attendu et le constaté, et décider des suites.',
    steps: [
      'Lisez les chiffres, puis « Attendu et constaté ».',
      'Ajoutez chaque suite dans « Suites à donner » : quoi, qui, pour quand.',
      '« En faire une tâche » la donne à quelqu’un.',
    ],
    heed: ['Jugez l’organisation, pas les personnes.', 'Les chiffres des « Alertes parties » restent ceux de la fin de l’exercice.'],
  },
  injects: {
    title: 'Stimulus reçus',
    purpose: 'Ce que l’animation vous a envoyé pendant l’exercice.',
    steps: ['Lisez le dernier stimulus et agissez comme si c’était réel.', 'Inscrivez vos décisions à la main courante de la crise.'],
    heed: ['Rien de cela n’a lieu. N’appelez pas les vrais secours sans l’accord de l’animation.'],
  },
  drills: {
    title: 'Test mensuel de l’alerte',
    purpose: 'Savoir combien de personnes répondent, et en combien de temps.',
    steps: ['Dans Exercices : « Faire le test du mois ».', 'Lancez une alerte en mode exercice, à tous.', 'Comparez avec le mois d’avant.'],
    heed: ['Vérifiez « Exercice » avant de lancer.'],
  },
  trainings: {
    title: 'Formations',
    purpose: 'Qui est formé, à quoi, et quand.',
    steps: [
      'Touchez une formation pour voir ses supports et confirmer votre présence.',
      '« Nouvelle formation » en prépare une.',
      '« Qui suit les formations » montre qui en manque.',
    ],
    heed: ['Les chiffres viennent des formations que cet appareil peut lire.'],
  },
  'training-new': {
    title: 'Préparer une formation',
    purpose: 'Fixer la date, les supports et les personnes attendues.',
    steps: [
      'Donnez titre, jour, durée et lieu.',
      'Écrivez les supports ; joignez les fichiers ensuite, dans le salon.',
      'Choisissez les personnes attendues, puis « Créer la formation ».',
    ],
    heed: ['Une personne sans appareil prêt ne peut pas être ajoutée. Notez-la sur la feuille imprimée.'],
  },
  training: {
    title: 'Une formation',
    purpose: 'Lire les supports, et dire qui était là.',
    steps: [
      'Pendant la séance, appuyez sur « Je suis là ».',
      'Vous formez ? Notez les autres dans « Feuille de présence ».',
      'Imprimez la feuille ou exportez-la : « Exporter (CSV) ».',
    ],
    heed: ['Une correction s’ajoute, elle n’efface rien. Dites pourquoi.'],
  },
  readiness: {
    title: 'Préparation',
    purpose: 'Serait-on prévenu et dirigé cette nuit ?',
    steps: [
      'Commencez par « Urgent » : la phrase du haut dit par où.',
      'Sur chaque ligne, le bouton mène à ce qui répare.',
      'Puis ce qui est « À regarder ».',
    ],
    heed: ['Plans et exercices se jugent sur ce que cet appareil peut lire.'],
  },
  refreshes: {
    title: 'Campagnes de mise à jour des coordonnées',
    purpose: 'Demander à chacun de vérifier ses numéros et adresses.',
    steps: [
      '« Lancer une mise à jour » : qui, pour quand, quel message.',
      '« Vérifier qui sera prévenu », puis lancez.',
      'Ouvrez la campagne en cours pour la suivre.',
    ],
    heed: ['Une seule adresse ne suffit pas : visez un portable pour chacun.'],
  },
  refresh: {
    title: 'Une campagne de mise à jour',
    purpose: 'Voir qui a confirmé, qui a changé et qui n’a pas répondu.',
    steps: ['Filtrez « Sans réponse ».', '« Exporter qui n’a pas répondu » donne la liste à appeler.'],
    heed: ['« Adresse d’un autre » : corrigez la fiche, quelqu’un reçoit à la place d’un autre.'],
  },
};
