import type { fr } from '../fr';
import type { Translated } from '../message';
import { errors } from './errors';
import { now } from './now';
import { shell } from './shell';

export const en: Translated<typeof fr> = { ...shell, ...errors, ...now };
