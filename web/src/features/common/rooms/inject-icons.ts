import type { InjectKind } from '../../../core/rooms/exercises/script-content';
import type { IconName } from '../../../ui/icons/shapes';

export const injectIcons = {
  message: 'message',
  call: 'phone',
  mail: 'mail',
  sms: 'sms',
  'social-post': 'globe',
  document: 'copy',
  media: 'radio',
} as const satisfies Readonly<Record<InjectKind, IconName>>;
