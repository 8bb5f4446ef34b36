import type { Standing } from '../../transport/contract/alerts';
import type { IconName } from '../../ui/icons/shapes';

interface StandingLook {
  readonly standing: Standing;
  readonly icon: IconName;
  readonly tone: 'extreme' | 'severe' | 'advisory' | 'info' | 'accent' | 'safe' | 'neutral';
}

/** In the order in which people are listed: who needs somebody to act comes first. */
export const standings: readonly StandingLook[] = [
  { standing: 'needs-help', icon: 'severity-extreme', tone: 'extreme' },
  { standing: 'failed', icon: 'close', tone: 'severe' },
  { standing: 'not-reached', icon: 'clock', tone: 'neutral' },
  { standing: 'sent', icon: 'send', tone: 'advisory' },
  { standing: 'delivered', icon: 'device', tone: 'info' },
  { standing: 'read', icon: 'message', tone: 'accent' },
  { standing: 'answered', icon: 'check', tone: 'safe' },
];

export function lookOf(standing: Standing): StandingLook {
  return standings.find((look) => look.standing === standing) ?? { standing, icon: 'clock', tone: 'neutral' };
}
