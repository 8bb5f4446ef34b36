import type { Dictionary } from '../message';

/** One text per code of the server, and a few of our own. What happened, what was kept, what to do now. */
export const errors = {
  'error.unexpected': 'Une erreur imprévue est survenue dans cette page. Rechargez-la ; ce qui a été enregistré est conservé.',
  'error.unknown': 'Le serveur a refusé (code {code}). Rien n’a été changé.',
  'error.unreachable': 'Le serveur ne répond pas. Ce que vous avez saisi est toujours là : réessayez dès que la liaison revient.',
  'error.invalid-input': 'Un élément saisi manque ou n’est pas accepté. Corrigez-le puis réessayez.',
  'error.not-signed-in': 'Votre session est terminée. Connectez-vous de nouveau.',
  'error.not-allowed': 'Vos rôles ne permettent pas cette action.',
  'error.not-found': 'Introuvable : supprimé entre-temps, ou hors de vos droits.',
  'error.too-large': 'C’est trop volumineux pour être accepté.',
  'error.too-many-requests': 'Trop de demandes à la fois. Attendez un instant puis réessayez.',
  'error.cross-site-request': 'La demande n’est pas venue d’une page de Tocsin. Rechargez la page puis réessayez.',
  'error.idempotency-key-reused': 'Cette demande a déjà servi pour autre chose. Rechargez la page puis réessayez.',
  'error.idempotency-key-invalid': 'La demande est mal formée. Rechargez la page puis réessayez.',
  'error.internal-error': 'Le serveur a rencontré une erreur. Ce qui avait été accepté est conservé ; réessayez.',
  'error.starting': 'Le serveur vient de démarrer et n’est pas encore prêt. Réessayez dans un instant.',
  'error.guest-links-too-many': 'Cette réunion a déjà 50 liens d’invités : révoquez-en un d’abord.',
  'error.guest-name-missing': 'Dites qui vous êtes : un nom de 1 à 60 caractères.',
  'error.invitations-too-many': 'Une réunion peut compter 500 personnes invitées par leur nom.',
  'error.media-parameters': 'Ce navigateur demande un format de son ou d’image qui n’est pas accepté ici.',
  'error.media-unavailable': 'Ce serveur ne transmet ni son ni image pour le moment. Le reste fonctionne.',
  'error.meeting-ended': 'Cette réunion est terminée.',
  'error.meeting-full': 'Cette réunion est complète.',
  'error.meeting-elsewhere':
    'Un autre nœud du serveur tient cette réunion. Réessayez : vous pouvez tomber sur le bon. Si cela dure, prévenez l’administrateur.',
  'error.meeting-locked': 'Cette réunion est verrouillée : personne d’autre ne peut y entrer.',
  'error.not-in-meeting': 'Vous n’êtes plus dans cette réunion. Rejoignez-la de nouveau.',
  'error.only-hosts': 'Seul un organisateur de la réunion peut le faire.',
  'error.source-in-use': 'C’est déjà en cours d’envoi : arrêtez-le d’abord.',
} as const satisfies Dictionary;
