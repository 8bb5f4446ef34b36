import type { HelpOf } from '../topics';

export const crisisHelp: HelpOf<'crisis'> = {
  crises: {
    title: 'Crises',
    purpose: 'Les crises dont vous faites partie, en cours et closes.',
    steps: ['Touchez une crise pour y entrer.', 'Pour en commencer une, appuyez sur « Ouvrir une crise ».'],
    heed: ['Une crise où vous n’êtes pas n’apparaît pas ici. Demandez à une personne de la crise de vous ajouter.'],
    more: ['Le serveur ne peut rien lire d’une crise. Elle est gardée chiffrée sur les appareils de ses membres, et se lit hors ligne.'],
  },
  'crisis-opening': {
    title: 'Ouvrir une crise',
    purpose: 'Créer en une fois les salons de la crise et y faire entrer les personnes.',
    steps: [
      'Donnez un nom que tout le monde comprend.',
      'Choisissez un plan : il remplit les cellules et les premières tâches.',
      'Vérifiez qui est dans chaque cellule, puis ouvrez.',
    ],
    heed: ['« Réel » ou « Exercice » ne change plus ensuite.', 'Qui n’a pas encore d’appareil prêt ne peut pas être ajouté : prévenez-le autrement.'],
    more: ['Coupé au milieu ? Revenez à la liste des crises et appuyez sur « Continuer l’ouverture » : seul ce qui manque est créé.'],
  },
  crisis: {
    title: 'Conduire la crise',
    purpose: 'Où l’on en est, qui fait quoi, et ce qu’il faut faire maintenant.',
    steps: [
      'Lisez l’état, les décisions récentes et les tâches en retard.',
      'L’état change ? « Faire évoluer la situation » le dit à tous et l’inscrit.',
      'Entrez dans votre cellule pour agir.',
    ],
    heed: ['Inscrivez chaque décision à la main courante, sur le moment.', 'Seules les personnes de la crise lisent cette page.'],
    more: [
      '« Conduire la crise », plus bas, sert à passer la relève, ajouter des personnes, ouvrir une cellule et clore.',
      'Le bandeau d’une déclaration due aux autorités donne l’heure limite : ne l’ignorez pas.',
    ],
  },
  cells: {
    title: 'Cellules et fonctions',
    purpose: 'Une cellule de crise est un groupe qui a son salon, sa main courante et ses tâches.',
    steps: [
      'Pour en ajouter une : « Ouvrir une cellule de plus », dans la crise.',
      'Donnez-lui ses fonctions de crise : l’annuaire et les astreintes proposent des noms.',
      'Un salon manque ? Appuyez sur « Ouvrir le salon ».',
    ],
    heed: ['Ce qu’une cellule se dit reste dans son salon. Les autres ne le lisent pas.'],
    more: ['Qui ouvre la crise est dans toutes les cellules, et peut en sortir ensuite. « Vacante » veut dire que personne ne tient la fonction.'],
  },
  'hand-over': {
    title: 'Passer la relève',
    purpose: 'Confier la crise ou une cellule à quelqu’un, sans rien perdre.',
    steps: [
      'Dans la crise, appuyez sur « Passer la relève » et dites à qui.',
      'Écrivez où l’on en est. Les tâches ouvertes sont déjà là : complétez.',
      'L’autre personne appuie sur « Je prends la relève ».',
    ],
    heed: ['Tant que l’autre n’a pas accepté, vous conduisez encore. Attendez sa réponse.'],
  },
  'catch-up': {
    title: 'Rattraper',
    purpose: 'L’essentiel de la crise en une page, pour qui arrive.',
    steps: ['Lisez « Où l’on en est », puis « Ce qui a été décidé ».', 'Regardez « Ce qui reste à faire » : y a-t-il votre nom ?'],
    heed: ['La page ne montre que les salons que vous pouvez lire.'],
    more: ['Elle se calcule sur votre appareil. Hors ligne, elle s’arrête à ce que vous avez déjà reçu.'],
  },
  log: {
    title: 'Main courante',
    purpose: 'Ce qui s’est passé et ce qui a été décidé, dans l’ordre, sans effacement possible.',
    steps: [
      'Appuyez sur « Inscrire une ligne ». Dites s’il s’agit d’un fait, d’une décision ou d’une action.',
      'Donnez l’heure où cela s’est passé, et votre source.',
      'Une erreur ? « Corriger », avec la raison. L’ancien texte reste lisible.',
    ],
    heed: ['Écrivez ce qui est sûr. Le reste se marque « À vérifier ».', 'Rien ne s’efface : n’écrivez pas ce qui n’a pas à être conservé.'],
    more: [
      'Chaque ligne porte deux heures : celle des faits et celle de l’écriture. Les numéros ne changent jamais.',
      'Dans les messages d’un salon, « Inscrire à la main courante » reprend un message en une touche.',
      'Quand la crise est close, on n’inscrit plus : il faut d’abord la rouvrir.',
    ],
  },
  tasks: {
    title: 'Tâches',
    purpose: 'Qui fait quoi, et pour quand.',
    steps: [
      'Appuyez sur « Ajouter une tâche » : quoi, qui, pour quand.',
      'Prenez la vôtre : « Commencer », puis « Terminer ».',
      'Vous bloquez ? Dites-le dans « Commentaire ».',
    ],
    heed: [
      'Une tâche sans nom n’est à personne. Une tâche sans échéance attend.',
      'À l’échéance, le serveur rappelle la tâche à qui l’a, sans savoir laquelle. Crise close : plus de rappel.',
    ],
    more: ['« Les miennes » ne garde que vos tâches. Une fiche réflexe se transforme en tâches depuis sa page.'],
  },
  situation: {
    title: 'Points de situation',
    purpose: 'Préparer ensemble, à heures fixes, ce que tout le monde doit savoir.',
    steps: [
      'Fixez le rythme : « Fixer le rythme ».',
      'Appuyez sur « Préparer le prochain point » et écrivez votre rubrique.',
      'Appuyez sur « Soumettre à l’approbation ». Une autre personne lit, approuve, puis on publie.',
    ],
    heed: ['Personne n’approuve son propre texte.', 'Une rubrique modifiée après la soumission n’est pas dans le texte : soumettez à nouveau.'],
    more: [
      '« Ajouter depuis la crise » reprend les faits, décisions et tâches des mains courantes.',
      'Deux personnes ont écrit la même rubrique ? La page le dit et laisse choisir. Rien n’est perdu.',
    ],
  },
  'situation-report': {
    title: 'Un point de situation publié',
    purpose: 'Lire un point de situation, le comparer et l’imprimer.',
    steps: [
      'Lisez l’heure de publication : c’est l’état à ce moment-là.',
      'Comparez avec un autre point pour voir ce qui a changé.',
      'Imprimez-le pour la salle.',
    ],
    heed: ['« Publié sans approbation » se voit en tête : la personne conduisait seule la crise.'],
  },
  'shared-board': {
    title: 'Tableau partagé',
    purpose: 'Dessiner et placer des repères ensemble, sur un plan ou une feuille blanche.',
    steps: [
      'Choisissez un fond : « Plan ou image ».',
      'Placez un « Repère » et nommez-le.',
      'Au clavier, passez par « Ajouter un repère ou une note » et donnez une case, de A1 à J10.',
      'Pour le déplacer au clavier : « Montrer » dans la liste, puis les flèches, à plus grands pas avec Maj.',
    ],
    heed: ['« Vider le tableau » vaut pour tout le monde.', 'Le tableau n’est pas une carte : vérifiez les distances.'],
    more: [
      '« Annuler mon geste » ne défait que ce que vous avez fait. La liste sous le tableau dit tout en mots.',
      'Zoomez à deux doigts, à la molette, ou avec les boutons +, − et « Tout voir ».',
      'Des repères qui se couvrent : appuyez de nouveau pour prendre le suivant, ou choisissez dans la liste qui s’affiche sous le tableau.',
    ],
  },
  stakeholders: {
    title: 'Parties prenantes',
    purpose: 'Savoir qui a été prévenu au-dehors, et qui rappeler.',
    steps: [
      'Commencez par « Qui recontacter » : les retards sont en haut.',
      'Après chaque appel, « Noter un contact » : avec qui, quoi, et le prochain contact.',
      'Il manque quelqu’un ? « Ajouter une partie prenante ».',
    ],
    heed: ['Ce qui est promis au-dehors engage. Notez-le avec les mots dits.'],
    more: ['Un contact s’inscrit aussi dans la main courante, sauf si vous le décochez. On corrige, on n’efface pas.'],
  },
  reporting: {
    title: 'Déclarations aux autorités',
    purpose: 'Tenir les délais de la loi : NIS 2, DORA, RGPD.',
    steps: [
      'Appuyez sur « Lancer les délais » : quel texte, quelle autorité, connu depuis quand.',
      'Préparez le brouillon : ce que l’on sait déjà y est repris.',
      'Envoyez-le vous-même à l’autorité, puis notez l’envoi ici.',
    ],
    heed: [
      'Tocsin n’envoie rien aux autorités. Il compte le temps et garde la preuve.',
      'Le délai court depuis la prise de connaissance, pas depuis l’ouverture de cette page.',
    ],
    more: ['Rien n’est dû ? « Arrêter les délais » demande pourquoi et garde le dossier. En cas de doute, appelez votre juriste.'],
  },
  closing: {
    title: 'Clore et rouvrir une crise',
    purpose: 'Finir proprement, et pouvoir revenir.',
    steps: [
      'Dans la crise : « Clore la crise ». Cochez ce qui est fait.',
      'Dites comment elle se termine.',
      'Elle reprend ? « Rouvrir la crise », avec la raison.',
    ],
    heed: ['Clore n’envoie pas la fin d’alerte. Envoyez-la depuis le suivi de l’alerte.'],
    more: ['Une crise close reste lisible et exportable. On n’y inscrit plus rien à la main courante avant de la rouvrir.'],
  },
  export: {
    title: 'Exporter la crise',
    purpose: 'Garder le dossier entier, avec de quoi prouver qui a écrit quoi et quand.',
    steps: [
      'Dans la crise, appuyez sur « Exporter la crise ».',
      'Enregistrez l’archive et rangez-la hors du réseau.',
      'Qui doit vérifier se sert de la commande « tocsin verify », sans serveur.',
    ],
    heed: [
      'L’archive ne contient que les cellules où vous êtes. La page dit combien il en manque.',
      'L’archive se lit sans mot de passe de Tocsin : protégez-la comme le dossier.',
    ],
  },
  'crisis-report': {
    title: 'Le rapport d’une crise',
    purpose: 'Toute la crise sur des pages à imprimer ou à garder en PDF.',
    steps: [
      'Choisissez les rubriques du rapport.',
      'Appuyez sur « Imprimer », puis choisissez le papier ou un PDF.',
      'Remettez-le à qui doit le lire, et notez à qui.',
    ],
    heed: [
      'Sur papier, plus rien n’est chiffré : gardez le rapport comme un document confidentiel.',
      'Le papier ne prouve rien à lui seul : l’archive scellée, si, et elle contient le même rapport.',
    ],
  },
};
