import type { LanguageCode } from './message';

const minute = 60_000;
const hour = 60 * minute;

function locale(language: LanguageCode): string {
  return language === 'fr' ? 'fr-FR' : 'en-GB';
}

/** Making one costs more than a hundred uses of it, and a page of a log shows hundreds of times. */
function maker(options: Intl.DateTimeFormatOptions): (language: LanguageCode) => Intl.DateTimeFormat {
  const made = new Map<LanguageCode, Intl.DateTimeFormat>();
  return (language) => {
    let format = made.get(language);
    if (format === undefined) made.set(language, (format = new Intl.DateTimeFormat(locale(language), options)));
    return format;
  };
}

const clock = maker({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = maker({ day: 'numeric', month: 'short' });
const dayOfYear = maker({ day: 'numeric', month: 'short', year: 'numeric' });
const exact = maker({
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

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
  return clock(language).format(at);
}

export function describeDay(at: Date, now: Date, language: LanguageCode): string {
  return (at.getFullYear() === now.getFullYear() ? day : dayOfYear)(language).format(at);
}

/** For the hover and for paper: the day, the second and the zone, so that a record can be trusted. */
export function describeExactly(at: Date, language: LanguageCode): string {
  return exact(language).format(at);
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
