import type { components } from './generated';

type Schemas = components['schemas'];

export type HeadView = Schemas['HeadView'];
export type KeptBackup = Schemas['KeptBackup'];
