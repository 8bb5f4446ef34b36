/** What one topic of the help says. Plain text: « labels » and “labels” in it stand so on a page, which a test looks up. */
export interface HelpText {
  readonly title: string;
  /** What the page is for: one sentence. */
  readonly purpose: string;
  /** What one does there, and how: two to four, in the imperative. */
  readonly steps: readonly string[];
  /** What to look out for: one or two. */
  readonly heed: readonly string[];
  /** What only the page of the help says. */
  readonly more?: readonly string[];
}

/** Topics in the order in which the help lists them: what is needed on the worst day first. */
export const helpGroups = {
  alert: ['now', 'raise', 'raise-check', 'board', 'alerts', 'answer'],
  crisis: [
    'crises',
    'crisis-opening',
    'crisis',
    'cells',
    'hand-over',
    'catch-up',
    'log',
    'tasks',
    'situation',
    'situation-report',
    'shared-board',
    'stakeholders',
    'reporting',
    'closing',
    'export',
    'crisis-report',
  ],
  together: ['rooms', 'room', 'guests', 'meetings', 'meeting', 'equipment-check'],
  inform: ['bulletins', 'bulletin', 'bulletin-edit', 'bulletin-desk', 'bulletin-partners', 'public-page'],
  prepare: [
    'plans',
    'plan',
    'plan-edit',
    'plan-versions',
    'exercises',
    'script',
    'script-edit',
    'run',
    'exercise-report',
    'injects',
    'drills',
    'trainings',
    'training-new',
    'training',
    'readiness',
    'refreshes',
    'refresh',
  ],
  own: [
    'me',
    'devices',
    'offline',
    'directory',
    'person',
    'group',
    'import',
    'rotas',
    'rota',
    'scenarios',
    'scenario',
    'settings',
    'account',
    'audit',
    'help',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type HelpGroup = keyof typeof helpGroups;
export type HelpTopicId = (typeof helpGroups)[HelpGroup][number];
export type HelpTexts = Readonly<Record<HelpTopicId, HelpText>>;

export const helpGroupNames = Object.keys(helpGroups) as readonly HelpGroup[];
export const helpTopics: readonly HelpTopicId[] = helpGroupNames.flatMap((group) => [...helpGroups[group]]);

export function isHelpTopic(text: string): text is HelpTopicId {
  return (helpTopics as readonly string[]).includes(text);
}

/** Where a topic leads on to. */
export const seeAlso: Partial<Readonly<Record<HelpTopicId, readonly HelpTopicId[]>>> = {
  now: ['raise', 'crises', 'offline'],
  raise: ['raise-check', 'scenarios'],
  'raise-check': ['board'],
  board: ['answer', 'crisis-opening'],
  alerts: ['board', 'raise'],
  answer: ['now'],
  crises: ['crisis-opening', 'catch-up'],
  'crisis-opening': ['cells', 'plans'],
  crisis: ['hand-over', 'log', 'situation', 'closing'],
  cells: ['crisis', 'hand-over'],
  'hand-over': ['catch-up'],
  'catch-up': ['log', 'tasks'],
  log: ['tasks', 'export'],
  tasks: ['plan', 'log'],
  situation: ['situation-report'],
  'situation-report': ['situation', 'bulletin-edit'],
  'shared-board': ['room'],
  stakeholders: ['log', 'reporting'],
  reporting: ['export'],
  closing: ['export', 'exercise-report'],
  export: ['audit', 'crisis-report'],
  'crisis-report': ['export'],
  rooms: ['room', 'guests'],
  room: ['log', 'tasks', 'shared-board', 'guests'],
  guests: ['room', 'meeting'],
  meetings: ['meeting', 'equipment-check'],
  meeting: ['equipment-check', 'guests'],
  bulletins: ['bulletin', 'bulletin-edit'],
  'bulletin-edit': ['bulletin-desk', 'public-page'],
  'bulletin-desk': ['bulletin-edit', 'bulletin-partners'],
  plans: ['plan', 'crisis-opening'],
  plan: ['tasks', 'plan-edit'],
  'plan-edit': ['plan-versions'],
  exercises: ['script', 'run', 'drills'],
  script: ['script-edit', 'run'],
  run: ['injects', 'exercise-report'],
  'exercise-report': ['exercises'],
  injects: ['run'],
  drills: ['readiness', 'raise'],
  trainings: ['training', 'training-new'],
  training: ['exercise-report'],
  readiness: ['refreshes', 'drills', 'rotas'],
  refreshes: ['refresh', 'person'],
  me: ['devices'],
  devices: ['me', 'rooms'],
  offline: ['now', 'devices'],
  directory: ['person', 'group', 'import'],
  person: ['refreshes'],
  import: ['directory'],
  rotas: ['rota'],
  scenarios: ['scenario', 'raise'],
  settings: ['account'],
  account: ['devices'],
  audit: ['export'],
};

/** The part of the texts that one file holds. */
export type HelpOf<Group extends HelpGroup> = Readonly<Record<(typeof helpGroups)[Group][number], HelpText>>;
