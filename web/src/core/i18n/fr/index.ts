import { alerting } from './alerting';
import { errors } from './errors';
import { now } from './now';
import { raise } from './raise';
import { shell } from './shell';

export const fr = { ...shell, ...errors, ...alerting, ...now, ...raise } as const;
