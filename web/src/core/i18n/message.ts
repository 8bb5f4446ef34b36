/** A text with `{name}` places; with `one` and `other` where its words depend on the number `n`. */
export type Message = string | { readonly one: string; readonly other: string };

export type Dictionary = Readonly<Record<string, Message>>;

/** The same keys, in another language; a counted text stays counted. */
export type Translated<Original extends Dictionary> = { readonly [Key in keyof Original]: Original[Key] extends string ? string : Message };

type Places<Text extends string> = Text extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;

type PlacesOf<M extends Message> = M extends string
  ? Places<M>
  : M extends { readonly other: infer Other extends string }
    ? 'n' | Places<Other>
    : never;

/** What must be given with a message: nothing, or one value per place. */
export type MessageValues<M extends Message> = [PlacesOf<M>] extends [never] ? [] : [values: Readonly<Record<PlacesOf<M>, string | number>>];

export type LanguageCode = 'fr' | 'en';

/** The words of a message, with its places filled. Numbers are written as the language writes them. */
export function composeMessage(message: Message, language: LanguageCode, values: Readonly<Record<string, string | number>> = {}): string {
  const text = typeof message === 'string' ? message : pluralForm(message, language, Number(values['n'] ?? 0));
  return text.replace(/\{(\w+)\}/g, (whole, place: string) => {
    const value = values[place];
    return value === undefined ? whole : typeof value === 'number' ? numberFormat(language).format(value) : value;
  });
}

function pluralForm(message: { readonly one: string; readonly other: string }, language: LanguageCode, n: number): string {
  return new Intl.PluralRules(language).select(n) === 'one' ? message.one : message.other;
}

const numberFormats = new Map<LanguageCode, Intl.NumberFormat>();

export function numberFormat(language: LanguageCode): Intl.NumberFormat {
  let format = numberFormats.get(language);
  if (!format) numberFormats.set(language, (format = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB')));
  return format;
}
