import { language } from '../../core/i18n/i18n.svelte';
import { fillTemplate } from '../../core/message-template';
import { editableCopy, type Mutable } from '../../core/mutable';
import type {
  AnswerChoice,
  Attachment,
  AudienceExpression,
  ChannelKind,
  ChannelPlan,
  ContentLanguage,
  EscalationRule,
  LocalizedText,
  ScenarioDefinition,
  Severity,
  AlertMode,
  VariableDefinition,
} from '../../transport/contract/content';
import { isEmptyAudience, nobody } from '../common/composer/audience-terms';
import { standardAnswers } from '../common/composer/standard-answers';
import { publicNotice, type CapCategory, type PublicNotice } from './public-notice';
import type { RaiseRequest, WholeRequest } from './raise-api';

const everyChannel: readonly ChannelKind[] = ['in-app', 'web-push', 'sms', 'email'];

const freeDefinition: ScenarioDefinition = {
  name: {},
  category: 'other',
  icon: 'other',
  severity: 'severe',
  mode: 'real',
  content: { title: {}, body: {}, variables: [] },
  audience: { include: nobody, exclude: nobody },
  plan: {
    steps: [{ channels: everyChannel, after: 'PT0S', condition: 'unless-answered', contactPoints: 'all' }],
    followPreferences: true,
    expiry: 'PT4H',
  },
  answers: standardAnswers,
  escalation: [],
};

/** An alert about to be raised: a copy of its scenario that may be changed for this once. */
export class RaiseDraft {
  mode = $state<AlertMode>('real');
  severity = $state<Severity>('severe');
  title = $state<Mutable<LocalizedText>>({});
  body = $state<Mutable<LocalizedText>>({});
  audience = $state<Mutable<AudienceExpression>>(editableCopy(freeDefinition.audience));
  plan = $state<Mutable<ChannelPlan>>(editableCopy(freeDefinition.plan));
  answers = $state<Mutable<AnswerChoice>[]>([]);
  values = $state<Record<string, string>>({});
  markedPublic = $state(false);
  publicCategory = $state<CapCategory>('safety');
  publicArea = $state('');
  publicInstruction = $state('');
  readonly variables: readonly VariableDefinition[];
  /** The scenario leaves open whom it goes to: whoever raises it chooses. */
  readonly audienceIsOpen: boolean;
  private readonly escalation: readonly EscalationRule[];
  private readonly attachment: Attachment | undefined;

  constructor(
    private readonly scenarioId: string | undefined,
    definition: ScenarioDefinition = freeDefinition,
  ) {
    this.mode = definition.mode;
    this.severity = definition.severity;
    this.title = editableCopy(definition.content.title);
    this.body = editableCopy(definition.content.body);
    this.audience = editableCopy(definition.audience);
    this.plan = editableCopy(definition.plan);
    this.answers = editableCopy(definition.answers);
    this.variables = definition.content.variables;
    this.audienceIsOpen = isEmptyAudience(definition.audience);
    this.escalation = definition.escalation;
    this.attachment = definition.attachment ?? undefined;
    this.values = Object.fromEntries(
      definition.content.variables.map((variable) => [variable.name, variable.kind === 'text' ? '' : (variable.default?.fr ?? '')]),
    );
  }

  /** The text as it will read, in one language; a variable that nobody filled in yet shows its question. */
  filled(text: LocalizedText, language: ContentLanguage): string {
    return fillTemplate(text[language] ?? '', (name) => this.valueOf(name, language));
  }

  /** Where it can't leave yet: a required variable is empty, nobody is told, nothing is said, no channel is on. */
  get missing(): 'text' | 'variables' | 'audience' | 'channels' | undefined {
    const writtenIn = (['fr', 'en'] as const).filter((language) => (this.title[language] ?? '').trim() && (this.body[language] ?? '').trim());
    if (writtenIn.length === 0) return 'text';
    if (this.variables.some((variable) => variable.required && !variable.default && !this.values[variable.name]?.trim())) return 'variables';
    if (isEmptyAudience(this.audience)) return 'audience';
    if (this.channels.length === 0) return 'channels';
    return undefined;
  }

  /** Undefined where the public is not shown this alert; an exercise never is, whatever was chosen before. */
  get publicNotice(): PublicNotice | undefined {
    if (!this.markedPublic || this.mode === 'exercise') return undefined;
    return publicNotice(this.publicCategory, this.publicArea, this.publicInstruction, language());
  }

  get channels(): readonly ChannelKind[] {
    return everyChannel.filter((channel) => this.plan.steps.some((step) => step.channels.includes(channel)));
  }

  /** What only fills in a scenario says nothing else: the server takes the rest as it was prepared. */
  toPreparedRequest(): RaiseRequest {
    const { scenarioId, mode, variables, audience } = this.toRequest();
    return { scenarioId, mode, variables, ...(this.audienceIsOpen ? { audience } : {}) };
  }

  toRequest(): WholeRequest {
    const written = (text: LocalizedText): LocalizedText =>
      Object.fromEntries((['fr', 'en'] as const).flatMap((language) => (text[language]?.trim() ? [[language, text[language]]] : [])));
    return {
      scenarioId: this.scenarioId,
      mode: this.mode,
      severity: this.severity,
      title: written(this.title),
      body: written(this.body),
      variables: Object.fromEntries(Object.entries($state.snapshot(this.values)).filter(([, value]) => value !== '')),
      audience: $state.snapshot(this.audience) as AudienceExpression,
      plan: $state.snapshot(this.plan) as ChannelPlan,
      answers: $state.snapshot(this.answers) as AnswerChoice[],
      escalation: this.escalation,
      attachment: this.attachment,
      ...(this.publicNotice ? { public: this.publicNotice } : {}),
    };
  }

  private valueOf(name: string, language: ContentLanguage): string {
    const variable = this.variables.find((candidate) => candidate.name === name);
    if (!variable) return `{${name}}`;
    const given = this.values[name] || (variable.default?.[language] ?? variable.default?.fr ?? variable.default?.en ?? '');
    if (given === '') return `[${variable.label[language] ?? variable.label.fr ?? variable.label.en ?? name}]`;
    if (variable.kind === 'choice') {
      const label = variable.choices.find((choice) => choice.key === given)?.label;
      return label?.[language] ?? label?.fr ?? label?.en ?? given;
    }
    return variable.kind === 'time' && language === 'fr' ? given.replace(':', '\u00a0h\u00a0') : given;
  }
}
