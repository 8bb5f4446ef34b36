import type { HelpOf } from '../topics';

export const ownHelp: HelpOf<'own'> = {
  me: {
    title: 'Moi',
    purpose: 'Comment on vous joint, et comment vous vous connectez.',
    steps: [
      'Vérifiez vos moyens de contact : un portable et une autre voie au moins.',
      '« Ajouter une clé d’accès » sur chaque appareil.',
      '« Créer une carte » d’urgence, imprimez-la, gardez-la ailleurs.',
    ],
    heed: ['« Appareils connectés » : fermez ce que vous ne reconnaissez pas.'],
  },
  devices: {
    title: 'Mes appareils',
    purpose: 'Apporter votre identité sur un nouvel appareil, et ne pas la perdre.',
    steps: [
      '« Ajouter un appareil » : visez le code QR, comparez le code sur les deux écrans.',
      '« Créer mon code de récupération », imprimez-le, rangez-le.',
      'Appareil perdu ? « Retirer », tout de suite.',
    ],
    heed: [
      'Codes différents ? « Il est différent » : rien n’est accepté.',
      '« J’ai tout perdu » change votre identité : les autres devront la vérifier.',
    ],
    more: ['Sans votre identité, vos salons restent fermés sur cet appareil. Alertes et bulletins marchent quand même.'],
  },
  offline: {
    title: 'Sans réseau',
    purpose: 'Ce qui marche quand la liaison est coupée.',
    steps: [
      'Lisez : salons, crises, plans et cette aide sont sur l’appareil.',
      'Écrivez : ce que vous envoyez attend et part seul.',
      'Regardez la liaison, en haut ou à gauche : elle dit ce qui attend.',
    ],
    heed: ['« Tout effacer et me déconnecter » perd ce qui attend encore.', 'Lancer une alerte demande le serveur. Sans lui, prenez le téléphone.'],
  },
  directory: {
    title: 'Annuaire',
    purpose: 'Trouver une personne, un groupe, un site ou une fonction de crise.',
    steps: [
      'Tapez un nom. Touchez la fiche pour appeler.',
      '« Filtrer » montre qui n’est joignable par rien.',
      'Onglet « Fonctions de crise » : qui la tient, qui supplée.',
    ],
    heed: ['« Vacante » : personne ne sera prévenu pour cette fonction.'],
  },
  person: {
    title: 'Une personne',
    purpose: 'Ses moyens de contact, ses groupes, ses fonctions.',
    steps: [
      '« Ajouter un moyen de contact », puis « Vérifier » par un code.',
      '« Modifier » pour le site, le métier, la langue.',
      'Elle part ? « Retirer de l’annuaire ».',
    ],
    heed: ['Un numéro jamais vérifié est un numéro faux jusqu’à preuve du contraire.'],
  },
  group: {
    title: 'Un groupe',
    purpose: 'Qui en fait partie, et quels groupes il contient.',
    steps: ['« Ajouter une personne au groupe ».', 'Un groupe peut en contenir d’autres : voyez « Groupes contenus ».'],
    heed: ['Les alertes au groupe suivent ce qui est écrit ici, à la minute.'],
  },
  import: {
    title: 'Importer des personnes',
    purpose: 'Mettre l’annuaire à jour depuis un fichier CSV.',
    steps: [
      'Choisissez le fichier et dites ce qu’il contient.',
      '« Voir ce qui changerait » : rien ne change encore.',
      'Lisez ligne par ligne, puis appliquez.',
    ],
    heed: ['« La liste complète du personnel » retire qui n’y est pas. Lisez les retraits.'],
    more: ['« Télécharger un exemple » montre les colonnes attendues. Une ligne refusée dit pourquoi ; les autres passent.'],
  },
  rotas: {
    title: 'Astreintes',
    purpose: 'Qui est d’astreinte maintenant, et ensuite.',
    steps: ['Touchez un tour pour voir son calendrier.', '« Nouveau tour d’astreinte » pour en créer un.'],
    heed: ['« Personne maintenant » : appelez, et remplissez le trou.'],
  },
  rota: {
    title: 'Un tour d’astreinte',
    purpose: 'Le calendrier d’une astreinte, ses relèves et ses remplacements.',
    steps: [
      'Touchez un jour pour voir qui est d’astreinte.',
      '« Remplacer » met quelqu’un d’autre pour ce moment.',
      '« Revenir au tour prévu » annule un remplacement.',
    ],
    heed: ['Après un changement, prévenez les deux personnes.'],
  },
  scenarios: {
    title: 'Scénarios',
    purpose: 'Les alertes préparées d’avance.',
    steps: ['Touchez un scénario pour le relire.', '« Nouveau scénario » : partez d’un modèle.'],
    heed: ['Un scénario « Désactivé » n’est pas proposé la nuit venue.'],
  },
  scenario: {
    title: 'Un scénario',
    purpose: 'Préparer un message, ses destinataires, ses canaux et ses relances.',
    steps: [
      'Écrivez court, en français et en anglais.',
      'Choisissez qui est prévenu et par quels canaux.',
      '« Ajouter un palier » dit quoi faire si trop peu répondent.',
      'Enregistrez, puis essayez en mode exercice.',
    ],
    heed: ['Plusieurs canaux indépendants : jamais le courriel seul.'],
  },
  settings: {
    title: 'Réglages',
    purpose: 'Organisation, canaux, comptes et jetons.',
    steps: [
      '« Canaux » : chacun doit être « Prêt ». Envoyez-vous un essai chaque mois.',
      '« Comptes » : invitez, retirez, changez les rôles.',
      '« Jetons d’API » : un par logiciel, et pour peu de temps.',
    ],
    heed: ['Un administrateur ne lit pas le contenu des salons. Personne ne le peut depuis le serveur.'],
  },
  account: {
    title: 'Comptes',
    purpose: 'Inviter une personne, donner ses rôles, réagir à un appareil perdu.',
    steps: [
      '« Inviter une personne » : remettez le lien en main propre.',
      'Donnez les rôles nécessaires, pas plus.',
      'Appareil volé ? Voyez « Si un appareil est perdu ou volé ».',
    ],
    heed: ['Le lien d’invitation ne s’affiche qu’une fois.'],
  },
  audit: {
    title: 'Journal d’audit',
    purpose: 'Qui a fait quoi dans Tocsin, et la preuve que rien n’a été retouché.',
    steps: ['Filtrez, puis ouvrez une ligne.', 'Faites vérifier la suite, puis exportez-la pour l’auditeur.'],
    heed: ['Il ne contient aucun message : le contenu des crises s’exporte depuis la crise.'],
  },
  help: {
    title: 'Aide',
    purpose: 'Tout ce que Tocsin sait faire, expliqué page par page, même hors ligne.',
    steps: [
      'Tapez un mot : relève, stimulus, hors ligne…',
      'Sur chaque page, le bouton « Aide » dit l’essentiel.',
      'Au clavier : Ctrl K cherche une page, ? montre les touches.',
    ],
    heed: ['L’aide dit comment faire. Quoi décider est dans vos plans.'],
  },
};
