import type { fr } from '../fr';
import type { Translated } from '../message';
import { alerting } from './alerting';
import { errors } from './errors';
import { now } from './now';
import { raise } from './raise';
import { shell } from './shell';

export const en: Translated<typeof fr> = { ...shell, ...errors, ...alerting, ...now, ...raise };
