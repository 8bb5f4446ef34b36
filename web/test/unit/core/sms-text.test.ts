import { describe, expect, it } from 'vitest';
import { measureSms } from '../../../src/core/sms-parts';
import { composeSms, type SmsContent } from '../../../src/core/sms-text';

/** The example of the server's own test (`SmsTextTests`): both must write the same. */
const evacuation: SmsContent = {
  language: 'fr',
  mode: 'real',
  organisation: 'CHU Saint-Gilles',
  title: 'Incendie au bloc B',
  body: 'Quittez le bloc par la sortie nord.\nN’utilisez pas les ascenseurs.',
  answers: ['En sécurité', 'Besoin d’aide'],
  link: 'https://tocsin.example/a/7fK2',
};

describe('the SMS that is shown before an alert is raised', () => {
  it('is_what_the_server_writes', () => {
    expect(composeSms(evacuation)).toBe(
      "ALERTE CHU Saint-Gilles: Incendie au bloc B\nQuittez le bloc par la sortie nord.\nN'utilisez pas les ascenseurs.\nRépondez 1 En sécurité, 2 Besoin d'aide\nhttps://tocsin.example/a/7fK2",
    );
    expect(
      composeSms({
        ...evacuation,
        language: 'en',
        mode: 'exercise',
        title: 'Fire in block B',
        body: 'Leave by the north exit.',
        answers: ["I'm safe"],
      }),
    ).toBe("EXERCISE - ALERT CHU Saint-Gilles: Fire in block B\nLeave by the north exit.\nReply 1 I'm safe\nhttps://tocsin.example/a/7fK2");
  });

  it('is_not_made_dear_by_typographic_punctuation', () => {
    const text = composeSms({ ...evacuation, body: 'L’alerte « rouge »\u202f: restez… — e\u0301tage\u200b' });
    expect(text).toContain('L\'alerte " rouge " : restez... - étage\n');
    expect(measureSms(text).encoding).toBe('gsm-7');
  });

  it('keeps_what_makes_no_line_out', () => {
    expect(composeSms({ ...evacuation, organisation: ' ', title: 'a\nb', body: ' \n', answers: [], link: '' })).toBe('ALERTE: a b');
  });
});
