import { accounts } from './accounts';
import { alerting } from './alerting';
import { alerts } from './alerts';
import { board } from './board';
import { devices } from './devices';
import { directory } from './directory';
import { errors } from './errors';
import { help } from './help';
import { peopleImport } from './people-import';
import { me } from './me';
import { now } from './now';
import { raise } from './raise';
import { rotas } from './rotas';
import { audit } from './audit';
import { rules } from './rules';
import { scenarios } from './scenarios';
import { settings } from './settings';
import { shell } from './shell';
import { takeover } from './takeover';

export const fr = {
  ...shell,
  ...errors,
  ...help,
  ...alerting,
  ...now,
  ...raise,
  ...board,
  ...alerts,
  ...accounts,
  ...scenarios,
  ...devices,
  ...directory,
  ...peopleImport,
  ...rules,
  ...audit,
  ...settings,
  ...takeover,
  ...rotas,
  ...me,
} as const;
