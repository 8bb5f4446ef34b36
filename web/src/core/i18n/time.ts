import type { LanguageCode } from './message';

const minute = 60_000;
const hour = 60 * minute;

function locale(language: LanguageCode): string {
  return language === 'fr' ? 'fr-FR' : 'en-GB';
}

/** Relative under an hour ("5 min ago"), then the 24 h clock, with the day where it is not today. */
export function describeTime(at: Date, now: Date, language: LanguageCode): string {
  const age = now.getTime() - at.getTime();
  // The page's minute hand moves once a minute, and clocks differ by seconds: what has just happened may seem to lie ahead.
  if (age > -minute && age < minute) return language === 'fr' ? 'à l’instant' : 'just now';
  if (age > 0 && age < hour) return language === 'fr' ? `il y a ${Math.floor(age / minute)}\u00a0min` : `${Math.floor(age / minute)}\u00a0min ago`;
  if (age < 0 && age > -hour) return language === 'fr' ? `dans ${Math.ceil(-age / minute)}\u00a0min` : `in ${Math.ceil(-age / minute)}\u00a0min`;
  return describeMoment(at, now, language);
}

/** The 24 h clock, with the day where it is not today: for "since" and "until". */
export function describeMoment(at: Date, now: Date, language: LanguageCode): string {
  return sameDay(at, now) ? describeClock(at, language) : `${describeDay(at, now, language)} ${describeClock(at, language)}`;
}

/** 02:14, always on 24 hours. */
export function describeClock(at: Date, language: LanguageCode): string {
  return new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

export function describeDay(at: Date, now: Date, language: LanguageCode): string {
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'short', ...year }).format(at);
}

/** For the hover and for paper: the day, the second and the zone, so that a record can be trusted. */
export function describeExactly(at: Date, language: LanguageCode): string {
  return new Intl.DateTimeFormat(locale(language), {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at);
}

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

/** What the clocks show there; undefined for a zone that the browser does not know. */
export function clockIn(timeZone: string, at: Date, language: LanguageCode): string | undefined {
  try {
    return new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(at);
  } catch {
    return undefined;
  }
}
