import type { components } from './generated';
import type { DutyInterval } from './rotas';

type Schemas = components['schemas'];

export type ReachCounts = Schemas['ReachCounts'];
export type FunctionReadiness = Omit<Schemas['FunctionReadiness'], 'gaps'> & { readonly gaps: readonly DutyInterval[] };
export type DrillFigures = Schemas['DrillFigures'];
export type ChannelReadiness = Schemas['ChannelReadiness'];
export type ReadinessFigures = Omit<Schemas['ReadinessFigures'], 'functions'> & { readonly functions: readonly FunctionReadiness[] };
