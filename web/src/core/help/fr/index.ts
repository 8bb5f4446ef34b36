import type { HelpTexts } from '../topics';
import { alertHelp } from './alert';
import { crisisHelp } from './crisis';
import { informHelp } from './inform';
import { ownHelp } from './own';
import { prepareHelp } from './prepare';
import { togetherHelp } from './together';

export const help: HelpTexts = { ...alertHelp, ...crisisHelp, ...togetherHelp, ...informHelp, ...prepareHelp, ...ownHelp };
