import type { components } from './generated';

type Schemas = components['schemas'];

export type BulletinSummary = Schemas['BulletinSummary'];
export type Bulletin = Schemas['BulletinDetail'];
export type BulletinDraft = Schemas['BulletinDraft'];
export type BulletinQuestion = Schemas['BulletinQuestionView'];
export type BulletinReach = Schemas['BulletinReach'];
export type MyBulletin = Schemas['MyBulletin'];
export type MyBulletinList = Schemas['MyBulletinList'];
export type MyBulletinSummary = Schemas['MyBulletinSummary'];
export type PartnerMailbox = Schemas['PartnerMailbox'];
export type PublicPageSettings = Schemas['PublicPageSettings'];
