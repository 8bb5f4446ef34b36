import { t } from '../../core/i18n/i18n.svelte';
import type { ContactRefreshSummary } from '../../transport/contract/refreshes';

/** Whom a campaign asks, in words. */
export function audienceWords({ audience, audienceName }: ContactRefreshSummary): string {
  if (audience.kind === 'unverified') return t('refresh.audience.months', { n: audience.months ?? 12 });
  return audienceName ?? t(`refresh.audience.${audience.kind}`);
}
