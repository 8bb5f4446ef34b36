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
} as const satisfies Dictionary;
