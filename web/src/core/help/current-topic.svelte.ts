import type { HelpTopicId } from './topics';

let current = $state<HelpTopicId | undefined>();

/** The topic that explains the page at hand; none where no page is open. */
export function currentTopic(): HelpTopicId | undefined {
  return current;
}

export function explainBy(topic: HelpTopicId | undefined): void {
  current = topic;
}
