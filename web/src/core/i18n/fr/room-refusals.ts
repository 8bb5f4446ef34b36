import type { Dictionary } from '../message';

/** Why an entry of a room does not count, after a colon: what happened, what to do. */
export const roomRefusals = {
  'rooms.refusal.entry-too-long': 'elle est plus longue que permis. Si quelqu’un l’a écrite, demandez-lui de l’envoyer en plusieurs fois.',
  'rooms.refusal.malformed-entry': 'cette page n’y comprend rien. Rechargez la page ; si elle reste, prévenez le responsable de la sécurité.',
  'rooms.refusal.unknown-class':
    'elle est d’un genre que cette page ne connaît pas. Rechargez la page ; si elle reste, prévenez le responsable de la sécurité.',
  'rooms.refusal.other-room': 'elle appartient à un autre salon, et le serveur l’a mise ici. Prévenez le responsable de la sécurité.',
  'rooms.refusal.unknown-device':
    'elle vient d’un appareil dont personne ici ne s’est porté garant. Ne vous y fiez pas, et prévenez le responsable de la sécurité.',
  'rooms.refusal.revoked-device': 'elle vient d’un appareil qui a été retiré. Qui s’en sert encore s’y connecte à nouveau.',
  'rooms.refusal.bad-signature':
    'sa signature est fausse, donc quelqu’un l’a modifiée ou contrefaite. Ne vous y fiez pas, et prévenez le responsable de la sécurité.',
  'rooms.refusal.fork': 'qui l’a écrite avait lu ici autre chose que vous. Comparez, par un autre moyen, ce que chacun lit.',
  'rooms.refusal.repeated': 'elle est déjà là, et compte une fois. Il n’y a rien à faire.',
  'rooms.refusal.not-a-member': 'qui l’a écrite n’était pas dans ce salon. Ajoutez cette personne si elle doit y écrire.',
  'rooms.refusal.wrong-era': 'elle a été scellée avec d’autres clés que celles du moment. Demandez à qui l’a écrite de l’écrire à nouveau.',
  'rooms.refusal.malformed-statement':
    'cette page ne comprend pas le changement demandé. Rechargez la page ; si elle reste, faites refaire le changement.',
  'rooms.refusal.malformed-certificate': 'elle annonce un appareil dont les papiers ne sont pas en règle. Qui s’en sert s’y connecte à nouveau.',
  'rooms.refusal.wrong-creation': 'elle prétend créer ce salon, qui a commencé autrement. Prévenez le responsable de la sécurité.',
  'rooms.refusal.stale-roster': 'elle change les membres sans connaître leur dernier changement. Qui l’a faite regarde les membres et recommence.',
  'rooms.refusal.not-an-administrator':
    'elle change les membres, et qui l’a écrite n’administre pas le salon. Demandez à quelqu’un qui l’administre.',
  'rooms.refusal.no-administrator-left': 'plus personne n’administrerait le salon. Nommez d’abord quelqu’un d’autre pour l’administrer.',
  'rooms.refusal.era-must-change':
    'quelqu’un est parti ou arrivé, et elle aurait gardé les anciennes clés. Qui l’a écrite recharge la page et recommence.',
  'rooms.refusal.device-exists': 'elle annonce un appareil déjà connu ici. Il n’y a rien à faire.',
  'rooms.refusal.wrong-guest':
    'elle prend un invité pour un membre, ou un membre pour un invité. Faites entrer les invités par un lien, et les membres depuis l’annuaire.',
  'rooms.refusal.guest-gone': 'elle fait entrer un invité dont l’accès a pris fin. Pour le faire entrer à nouveau, créez un lien.',
  'rooms.refusal.guest-not-allowed': 'un invité ne peut pas faire cela dans un salon. Demandez à un membre de le faire à sa place.',
  'rooms.refusal.guest-stay-over':
    'un invité l’a écrite alors que son accès était arrivé à son terme. Pour le lire encore, faites-le entrer par un nouveau lien.',
} as const satisfies Dictionary;
