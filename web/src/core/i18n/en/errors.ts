import type { errors as french } from '../fr/errors';
import type { Translated } from '../message';

export const errors: Translated<typeof french> = {
  'error.unexpected': 'Something unexpected went wrong on this page. Reload it; what was saved is kept.',
  'error.unknown': 'The server refused (code {code}). Nothing was changed.',
  'error.unreachable': 'The server does not answer. What you typed is still here: try again as soon as the link returns.',
  'error.invalid-input': 'Something you entered is missing or not accepted. Correct it and try again.',
  'error.not-signed-in': 'Your session has ended. Sign in again.',
  'error.not-allowed': 'Your roles do not allow this.',
  'error.not-found': 'Not found: removed in the meantime, or not yours to see.',
  'error.too-large': 'This is too large to be accepted.',
  'error.too-many-requests': 'Too many requests at once. Wait a moment and try again.',
  'error.cross-site-request': 'The request did not come from a page of Tocsin. Reload the page and try again.',
  'error.idempotency-key-reused': 'This request was already used for something else. Reload the page and try again.',
  'error.idempotency-key-invalid': 'The request is malformed. Reload the page and try again.',
  'error.internal-error': 'The server met an error. What it had accepted is kept; try again.',
  'error.starting': 'The server has just been started and is not ready yet. Try again in a moment.',
  'error.guest-links-too-many': 'This meeting has 50 guest links already: revoke one first.',
  'error.guest-name-missing': 'Say who you are: a name of 1 to 60 characters.',
  'error.invitations-too-many': 'A meeting can have 500 people invited by name.',
  'error.media-parameters': 'This browser asks for a format of sound or picture that is not accepted here.',
  'error.media-unavailable': 'This server carries no sound or picture at the moment. Everything else works.',
  'error.meeting-ended': 'This meeting has ended.',
  'error.meeting-full': 'This meeting is full.',
  'error.meeting-elsewhere':
    'Another node of the server carries this meeting. Try again: you may reach that one. If it lasts, tell the administrator.',
  'error.meeting-locked': 'This meeting is locked: nobody else is let in.',
  'error.not-in-meeting': 'You are no longer in this meeting. Join it again.',
  'error.only-hosts': 'Only a host of the meeting can do this.',
  'error.source-in-use': 'This is being sent already: stop it first.',
};
