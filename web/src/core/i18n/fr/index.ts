import { errors } from './errors';
import { now } from './now';
import { shell } from './shell';

export const fr = { ...shell, ...errors, ...now } as const;
