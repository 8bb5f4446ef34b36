/** What an alert or a crisis would need of a person, as lists of people are asked for who lacks it. */
export const lacks = ['address', 'mobile', 'push', 'verification', 'recent-verification', 'passkey', 'room-device'] as const;
export type Lack = (typeof lacks)[number];
