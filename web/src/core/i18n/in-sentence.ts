/** A label in the middle of a sentence: "by app and mail", but "SMS" as it is. */
export function inSentence(label: string): string {
  return label === label.toUpperCase() ? label : label.charAt(0).toLowerCase() + label.slice(1);
}
